/** What was typed and not yet taken by the server, kept over a reload. */

const PREFIX = "comments:";
const LIFE = 7 * 24 * 3_600_000; // ms
/** An entry older than this is not sent by itself: its author may think of it as lost by now. */
export const RESEND_WITHIN = 3_600_000; // ms

/** Storage may be full, forbidden or absent (private windows): then a reload forgets, and nothing else breaks. */
export class Drafts {
  /**
   * @param {{slug: string, storage: Storage | null, now: () => number}} options
   */
  constructor({ slug, storage, now }) {
    Object.assign(this, { slug, storage, now });
    /** Keys that this page wrote or read. Another tab may have entries of its own, which are not ours to remove. */
    this.ours = new Set();
    this.attempt(() => this.expire());
  }

  /** @param {string | null} author id; nobody's draft is kept too, until they have a name */
  draft(author) {
    return this.read(this.draftKey(author)) ?? { content: "", parent: null };
  }

  saveDraft(author, { content, parent }) {
    const key = this.draftKey(author);
    if (content.trim()) this.write(key, { content, parent, at: this.now(), life: LIFE });
    else this.attempt(() => this.storage.removeItem(key));
  }

  /** @returns {import("./unsent.js").Entry[]} of this article and author, in the order of writing */
  entries(author) {
    const keys = this.keys().filter((key) => key.startsWith(this.entryKey({ author, ref: "" })));
    for (const key of keys) this.ours.add(key);
    const entries = keys.map((key) => this.read(key)?.entry).filter(Boolean);
    return entries.sort((a, b) => a.at - b.at);
  }

  /** Keeps exactly those entries that the server has not acked. */
  saveEntries(entries) {
    const unsent = new Map(entries.filter(({ id }) => id === null).map((entry) => [this.entryKey(entry), entry]));
    for (const key of this.ours) if (!unsent.has(key)) this.attempt(() => this.storage.removeItem(key));
    for (const [key, entry] of unsent) this.write(key, { entry, at: entry.at, life: LIFE });
    this.ours = new Set(unsent.keys());
  }

  draftKey(author) {
    return `${PREFIX}draft:${this.slug}:${author ?? ""}`;
  }

  entryKey({ author, ref }) {
    return `${PREFIX}entry:${this.slug}:${author}:${ref}`;
  }

  expire() {
    for (const key of this.keys()) {
      const kept = this.read(key);
      if (!(kept?.at + kept?.life > this.now())) this.storage.removeItem(key);
    }
  }

  keys() {
    return this.attempt(() => Object.keys(this.storage).filter((key) => key.startsWith(PREFIX))) ?? [];
  }

  read(key) {
    return this.attempt(() => JSON.parse(this.storage.getItem(key)));
  }

  write(key, value) {
    this.attempt(() => this.storage.setItem(key, JSON.stringify(value)));
  }

  attempt(action) {
    try {
      return this.storage ? action() : undefined;
    } catch {
      return undefined;
    }
  }
}

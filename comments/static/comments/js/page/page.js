/** What the page around the section offers: its data, its cookie, its storage. */

export function readPage({ epoch, seq, count, policy, next }, comments) {
  return { epoch, seq: Number(seq), count: Number(count), policy, next: next || null, comments };
}

/** @returns {{id: string, name: string, role: string} | null} whoever the page was rendered for */
export function readUser({ userId, userName, userRole }) {
  return userId ? { id: userId, name: userName, role: userRole } : null;
}

export function socketUrl(slug) {
  const { protocol, host } = location;
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/ws/article/${encodeURIComponent(slug)}/`;
}

/** Changes when somebody logs in, in any tab. @returns {string | undefined} */
export function csrfCookie(element) {
  const prefix = `${element.dataset.csrfCookie}=`;
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith(prefix));
  return cookie?.slice(prefix.length);
}

/** The cookie is fresher than the form: another tab may have logged in since. */
export function csrfToken(element) {
  return csrfCookie(element) ?? element.querySelector("[name=csrfmiddlewaretoken]").value;
}

/** `crypto.randomUUID` exists in secure contexts only; a site on a plain local address is none. */
export function newRef() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40; // version 4
  bytes[8] = (bytes[8] & 0x3f) | 0x80; // variant 1, RFC 9562
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

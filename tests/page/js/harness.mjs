/** A few lines that run the tests of one module, in a browser's page or in Node. */

const tests = [];

export function test(name, body) {
  tests.push({ name, body });
}

export function equal(actual, expected, what = "") {
  const [left, right] = [actual, expected].map((value) => JSON.stringify(value, null, 1));
  if (left !== right) throw new Error(`${what} expected ${right}, got ${left}`);
}

/** What the test outside of the browser gives to a module's tests. */
export const given = { html: "" };

/** Runs the tests of a module that needs a page as the server renders it. */
export async function runOn({ module, html }) {
  tests.length = 0;
  given.html = html;
  await import(module);
  return run();
}

/** @returns {Promise<{name: string, error: string | null}[]>} */
export async function run() {
  const results = [];
  for (const { name, body } of tests) {
    try {
      await body();
      results.push({ name, error: null });
    } catch (error) {
      results.push({ name, error: String(error.stack ?? error) });
    }
  }
  return results;
}

/** A generator of numbers in [0, 1) that gives the same ones for the same seed: mulberry32, by Tommy Ettinger. */
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Time that moves when told to, with timers. */
export class FakeClock {
  time = 0;
  timers = new Map();
  last = 0;

  now = () => this.time;

  set = (action, delay) => {
    this.timers.set((this.last += 1), { at: this.time + delay, action });
    return this.last;
  };

  clear = (timer) => this.timers.delete(timer);

  advance(ms) {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.time = due[1].at;
      due[1].action();
    }
    this.time = end;
  }
}

/** Tells the others that somebody types, now and then while it goes on, and that they stopped. */

const EVERY = 3_000; // ms; the server forgets it 6 s after the last time

export class Typing {
  #toldAt = -Infinity;

  /** @param {(on: boolean) => void} tell */
  constructor(tell) {
    this.tell = tell;
  }

  typed() {
    if (performance.now() - this.#toldAt < EVERY) return;
    this.#toldAt = performance.now();
    this.tell(true);
  }

  stopped() {
    if (this.#toldAt === -Infinity) return;
    this.#toldAt = -Infinity;
    this.tell(false);
  }
}

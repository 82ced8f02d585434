/** The browser's time and timers, where a test gives none of its own. */
export const CLOCK = {
  now: () => Date.now(),
  set: (action, delay) => setTimeout(action, delay),
  clear: (timer) => clearTimeout(timer),
};

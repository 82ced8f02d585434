/**
 * How long ago something was, by the server's clock and in the reader's time zone. The words are those of the `ago`
 * filter of the server's templates, which knows the zone of no reader and says UTC.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Kept, because making one costs more than all else that draws a comment. */
const IN_FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** How far the server's clock is ahead of this device's, ms; many devices are minutes wrong. */
let ahead = 0;

/**
 * @param {string} iso the time by the server's clock, ISO 8601
 * @param {number} now by this device's, ms since 1970
 */
export function setServerTime(iso, now) {
  ahead = Date.parse(iso) - now || 0;
}

/** @returns {number} ms since 1970, by the server's clock */
export function serverNow() {
  return Date.now() + ahead;
}

/**
 * @param {string} iso a moment, ISO 8601
 * @param {number} now ms since 1970
 * @returns {string} "just now", "2 min", "3 h", "4 d", then the date
 */
export function ago(iso, now) {
  const then = new Date(iso);
  const age = now - then.getTime();
  if (Number.isNaN(age)) return "";
  if (age < MINUTE) return "just now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < 7 * DAY) return `${Math.floor(age / DAY)} d`;
  return `${then.getDate()} ${MONTHS[then.getMonth()]} ${then.getFullYear()}`;
}

/**
 * @param {string} iso a moment, ISO 8601
 * @returns {string} the moment in full, in the reader's language and time zone
 */
export function inFull(iso) {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return "";
  return IN_FULL.format(then);
}

/** How long ago something was. Pure; the same words as the `ago` filter of the server's templates. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * @param {string} iso a moment, ISO 8601
 * @param {number} now ms since 1970
 * @returns {string} "just now", "2 min", "3 h", "4 d", then the date in UTC
 */
export function ago(iso, now) {
  const then = new Date(iso);
  const age = now - then.getTime();
  if (Number.isNaN(age)) return "";
  if (age < MINUTE) return "just now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < 7 * DAY) return `${Math.floor(age / DAY)} d`;
  return `${then.getUTCDate()} ${MONTHS[then.getUTCMonth()]} ${then.getUTCFullYear()}`;
}

/**
 * @param {string} iso a moment, ISO 8601
 * @returns {string} the moment in full, in the reader's language and time zone
 */
export function inFull(iso) {
  const then = new Date(iso);
  if (Number.isNaN(then.getTime())) return "";
  return then.toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });
}

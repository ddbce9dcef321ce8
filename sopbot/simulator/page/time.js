/**
 * Dates and times as Indonesian offices write them, in the office's zone and never in the browser's.
 * Moments are milliseconds since 1970; the server sends ISO 8601 with an offset, or Unix seconds.
 */

const DAYS = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];
const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
  "November", "Desember"];
const NAMES = { "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const DAY = 86_400_000;

let zone = "Asia/Jakarta";
let reader = formatter(zone);

function formatter(timeZone) {
  return new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit",
    day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** Shows everything in that IANA zone from now on; an unknown name changes nothing. */
export function useZone(name) {
  try {
    reader = formatter(name);
    zone = name;
  } catch {
    // An unknown zone must not blank the clock: stay with the one we have.
  }
}

/** The moment in a message or on the clock: ISO 8601 or Unix seconds. */
export function moment(value) {
  return typeof value === "number" ? value * 1000 : Date.parse(value);
}

/** Calendar and clock fields of a moment in the office's zone. */
export function fields(at) {
  const parts = Object.fromEntries(reader.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year, month, day, hour, minute, second } = parts;
  return { year, month, day, hour, minute, second, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/** The moment at which the office's clock shows these fields (minutes; exact for zones of whole minutes). */
export function fromFields({ year, month, day, hour = 0, minute = 0 }) {
  const guess = Date.UTC(year, month - 1, day, hour, minute);
  const offset = offsetAt(guess);
  return guess - offsetAt(guess - offset);
}

function offsetAt(at) {
  const f = fields(at);
  return Date.UTC(f.year, f.month - 1, f.day, f.hour, f.minute, f.second) - Math.floor(at / 1000) * 1000;
}

const two = (number) => String(number).padStart(2, "0");

export function hourMinute(at) {
  const f = fields(at);
  return `${two(f.hour)}.${two(f.minute)}`;
}

export function longDate(at) {
  const f = fields(at);
  return `${DAYS[f.weekday]}, ${f.day} ${MONTHS[f.month - 1]} ${f.year}`;
}

/** "Sen 23 Nov 07.30", for places with little room. */
export function shortDateTime(at) {
  const f = fields(at);
  return `${DAYS[f.weekday].slice(0, 3)} ${f.day} ${MONTHS[f.month - 1].slice(0, 3)} ${hourMinute(at)}`;
}

/** "Jumat, 20 November 2026 10.00 WIB". */
export function longDateTime(at) {
  return `${longDate(at)} ${hourMinute(at)} ${zoneName()}`;
}

export function zoneName() {
  return NAMES[zone] ?? zone;
}

/** A key that is equal for moments of one calendar day in the office's zone. */
export function dayKey(at) {
  const f = fields(at);
  return `${f.year}-${two(f.month)}-${two(f.day)}`;
}

/** The heading of a day in a chat: "Hari ini", "Kemarin", or the date. */
export function dayHeading(at, now) {
  if (dayKey(at) === dayKey(now)) return "Hari ini";
  if (dayKey(at) === dayKey(now - DAY)) return "Kemarin";
  return longDate(at);
}

/** In the list of people: the hour today, the date before that. */
export function listTime(at, now) {
  if (dayKey(at) === dayKey(now)) return hourMinute(at);
  const f = fields(at);
  return `${f.day} ${MONTHS[f.month - 1].slice(0, 3)}`;
}

/** Tomorrow at 07.30 by the office's clock. */
export function tomorrowMorning(now) {
  const f = fields(now);
  const next = new Date(Date.UTC(f.year, f.month - 1, f.day + 1));
  return fromFields({ year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate(),
    hour: 7, minute: 30 });
}

/** For `<input type="datetime-local">`, and back; NaN when it is not filled in. */
export function toInput(at) {
  const f = fields(at);
  return `${dayKey(at)}T${two(f.hour)}:${two(f.minute)}`;
}

export function fromInput(value) {
  const found = /^(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value);
  if (!found) return Number.NaN;
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  return fromFields({ year, month, day, hour, minute });
}

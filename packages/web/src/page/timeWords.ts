/** Times and durations as people say them, in the time zone of the browser. */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `41 min`, `6 h 10 min`, `3 days`: the two largest units at most. */
export function spanWords(ms: number): string {
  if (ms < SECOND_MS) return ms <= 0 ? '0 s' : 'less than 1 s';
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) {
    const rest = Math.floor((ms % HOUR_MS) / MINUTE_MS);
    return `${Math.floor(ms / HOUR_MS)} h${rest > 0 ? ` ${rest} min` : ''}`;
  }
  return `${Math.floor(ms / DAY_MS)} days`;
}

export function agoWords(time: number, now: number): string {
  return now - time < SECOND_MS ? 'just now' : `${spanWords(now - time)} ago`;
}

/** `18:41` today, and with its day before: `Nov 26, 18:41`. */
export function timeWords(time: number, now: number, zone?: string): string {
  const place = zone === undefined ? {} : { timeZone: zone };
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...place });
  const day = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', ...place });
  const isToday = day.format(time) === day.format(now) && Math.abs(now - time) < DAY_MS;
  return isToday ? clock.format(time) : `${day.format(time)}, ${clock.format(time)}`;
}

/** With the day and in UTC: the same for readers in every zone. */
export function utcWords(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

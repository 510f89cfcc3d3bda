/** Times and durations for people. */

const MINUTE_S = 60;
const HOUR_S = 3600;

/** `0.9 s`, `2 min 5 s`, `3 h 12 min` */
export function durationWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < MINUTE_S) return `${(ms / 1000).toFixed(1)} s`;
  return seconds < HOUR_S
    ? `${Math.floor(seconds / MINUTE_S)} min ${seconds % MINUTE_S} s`
    : `${Math.floor(seconds / HOUR_S)} h ${Math.floor((seconds % HOUR_S) / MINUTE_S)} min`;
}

/** `2026-11-27 18:41:12 UTC` */
export function timeWords(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

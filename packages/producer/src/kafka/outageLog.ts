/**
 * What is said of an outage of the brokers: kafkajs has a line for every try of every request, thousands in an hour,
 * and they bury what the process says itself. Told are the first, one now and then with a count, and the end.
 */
import type { KafkaLogLine } from './kafkaClient.ts';

/** Often enough to see that it still goes on, seldom enough to read the rest of the log. */
const TOLD_EVERY_MS = 30_000;

export interface OutageLog {
  readonly hear: (line: KafkaLogLine) => void;
  /** The brokers acknowledged something. */
  readonly acknowledged: () => void;
}

/** `now`: milliseconds that only ever grow. */
export function outageLog(tell: (line: KafkaLogLine) => void, now: () => number): OutageLog {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let untold = 0;
  /** Since when there is trouble that was told and not ended. */
  let sinceMs: number | undefined;
  return {
    hear(line) {
      if (line.level !== 'error' && line.level !== 'warn') return tell(line);
      // Also of one that begins soon after another's end: brokers that come and go are no reason for a flood.
      if (now() - toldAtMs < TOLD_EVERY_MS) {
        untold += 1;
        return;
      }
      tell({ ...line, message: `${line.message}${leftOut(untold)}` });
      toldAtMs = now();
      sinceMs ??= toldAtMs;
      untold = 0;
    },
    acknowledged() {
      if (sinceMs === undefined) return;
      const seconds = Math.round((now() - sinceMs) / 1000);
      tell({ level: 'info', message: `Kafka acknowledges again, after ${seconds} s${leftOut(untold)}` });
      sinceMs = undefined;
      untold = 0;
    },
  };
}

function leftOut(lines: number): string {
  return lines === 0 ? '' : ` (${lines} more lines were left out)`;
}

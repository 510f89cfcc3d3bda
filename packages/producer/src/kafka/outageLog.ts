/**
 * Limits the log of an outage of the brokers. kafkajs logs every try of every request, thousands of lines in an hour,
 * which hide the process's own lines. This logs the first line, one at intervals with a count, and the end.
 */
import type { Clock } from '@rowparity/contracts';
import type { KafkaLogLine } from './kafkaClient.ts';

/** Often enough to see that it still goes on, seldom enough to read the rest of the log. */
const TOLD_EVERY_MS = 30_000;

export class OutageLog {
  readonly #tell: (line: KafkaLogLine) => void;
  readonly #clock: Pick<Clock, 'steadyNow'>;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #untold = 0;
  /** Since when there is trouble that was told and not ended. */
  #sinceMs: number | undefined;

  constructor(tell: (line: KafkaLogLine) => void, clock: Pick<Clock, 'steadyNow'>) {
    this.#tell = tell;
    this.#clock = clock;
  }

  hear(line: KafkaLogLine): void {
    if (line.level !== 'error' && line.level !== 'warn') {
      this.#tell(line);
      return;
    }
    const nowMs = this.#clock.steadyNow();
    // This also limits outages that follow each other quickly.
    if (nowMs - this.#toldAtMs < TOLD_EVERY_MS) {
      this.#untold += 1;
      return;
    }
    this.#tell({ ...line, message: `${line.message}${leftOut(this.#untold)}` });
    this.#toldAtMs = nowMs;
    this.#sinceMs ??= nowMs;
    this.#untold = 0;
  }

  /** The brokers acknowledged something. */
  acknowledged(): void {
    if (this.#sinceMs === undefined) return;
    const seconds = Math.round((this.#clock.steadyNow() - this.#sinceMs) / 1000);
    const message = `Kafka acknowledges again, after ${seconds} s${leftOut(this.#untold)}`;
    this.#tell({ level: 'info', message });
    this.#sinceMs = undefined;
    this.#untold = 0;
  }
}

function leftOut(lines: number): string {
  return lines === 0 ? '' : ` (${lines} more lines were left out)`;
}

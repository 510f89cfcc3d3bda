/** What is told of an outage of the brokers. Lines of the client that are no trouble pass as they come. */
import type { Clock } from '@rowparity/contracts';
import { OutageLog } from '@rowparity/core';
import type { KafkaLogLine } from './kafkaClient.ts';

export class KafkaOutage {
  readonly #tell: (line: KafkaLogLine) => void;
  readonly #outage: OutageLog<KafkaLogLine>;

  constructor(tell: (line: KafkaLogLine) => void, clock: Pick<Clock, 'steadyNow'>) {
    this.#tell = tell;
    const tellTrouble = (line: KafkaLogLine, leftOut: string) =>
      tell({ ...line, message: `${line.message}${leftOut}` });
    const tellEnd = (seconds: number, leftOut: string) =>
      tell({ level: 'info', message: `Kafka acknowledges again, after ${seconds} s${leftOut}` });
    this.#outage = new OutageLog({ tellTrouble, tellEnd }, clock);
  }

  hear(line: KafkaLogLine): void {
    if (line.level === 'error' || line.level === 'warn') this.#outage.hear(line);
    else this.#tell(line);
  }

  /** The brokers acknowledged something. */
  acknowledged(): void {
    this.#outage.over();
  }
}

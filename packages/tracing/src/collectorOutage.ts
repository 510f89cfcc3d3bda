/** What is told of a collector that takes no spans: a line when it begins, one a minute, one when it ends. */
import type { Clock } from '@rowparity/contracts';
import { OutageLog } from '@rowparity/core';

export interface CollectorLines {
  warn(message: string): void;
  info(message: string): void;
}

export class CollectorOutage {
  readonly #outage: OutageLog<string>;

  constructor(log: CollectorLines, clock: Pick<Clock, 'steadyNow'>) {
    const tellTrouble = (reason: string, leftOut: string) =>
      log.warn(
        `The collector of OTEL_EXPORTER_OTLP_ENDPOINT takes no spans (${reason}): these are lost, and runs go on${leftOut}`,
      );
    const tellEnd = (seconds: number, leftOut: string) =>
      log.info(`The collector takes spans again, after ${seconds} s${leftOut}`);
    this.#outage = new OutageLog({ tellTrouble, tellEnd }, clock);
  }

  lost(error: Error): void {
    this.#outage.hear(reasonOf(error));
  }

  taken(): void {
    this.#outage.over();
  }
}

/** A code alone: the message may repeat the address, and an address may hold a credential. */
function reasonOf(error: Error): string {
  const { code, cause, name } = error as Error & { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string' || typeof code === 'number') return String(code);
  return cause instanceof Error ? reasonOf(cause) : name;
}

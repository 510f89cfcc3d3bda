/** What the tracing of a process is opened with. */
import type { Clock } from '@rowparity/contracts';
import type { CollectorLines } from './collectorOutage.ts';

export interface TracingOptions {
  /** The service's name where OTEL_SERVICE_NAME gives none. */
  readonly service: string;
  /** A variable of the process. */
  variable(name: string): string | undefined;
  readonly log: CollectorLines;
  readonly clock: Pick<Clock, 'steadyNow'>;
}

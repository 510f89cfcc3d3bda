/** The fault of a sink: always `EVENTS_NOT_ACKNOWLEDGED`; the class says what helps. */
import { Fault, type FaultClass } from '@rowparity/contracts';
import { FlushError } from '../messages/message.ts';
import { MessageTooLarge, TopicUnusable } from '../transport/transport.ts';

export function eventsFault(faultClass: FaultClass, message: string, cause: unknown): Fault {
  return new Fault(faultClass, { code: 'EVENTS_NOT_ACKNOWLEDGED', message }, { cause });
}

/** The caller's own abort passes as it is. */
export function producerFault(error: unknown, topic: string, signal: AbortSignal): unknown {
  if (error instanceof Fault || (signal.aborted && error === signal.reason)) return error;
  const reasons = error instanceof FlushError ? error.failed.map((failed) => failed.error) : [error];
  const text = error instanceof Error ? error.message : String(error);
  const lost = error instanceof FlushError ? ` ${notSent(error.failed.length)}` : '';
  const message = `Events for topic ${topic} were not acknowledged: ${text}${lost}`;
  return eventsFault(classOf(reasons), message, error);
}

function notSent(events: number): string {
  return events === 1
    ? '1 difference was found and not sent.'
    : `${events} differences were found and not sent.`;
}

function classOf(reasons: readonly unknown[]): FaultClass {
  if (reasons.some((reason) => reason instanceof TopicUnusable)) return 'configuration';
  if (reasons.some((reason) => reason instanceof MessageTooLarge)) return 'permanent';
  return 'transient';
}

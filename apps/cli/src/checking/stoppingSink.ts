/**
 * The events of a check. None may be lost, so the first event that cannot be written stops the run. Its shards are
 * released at their checkpoints, which lie before every unacknowledged event (law 3), and the run can be continued.
 */
import { Fault } from '@rowparity/contracts';
import type { EventSink } from '@rowparity/core';

export function stoppingSink(sink: EventSink, stop: (fault: Fault) => void): EventSink {
  const orStop = async (step: Promise<void>): Promise<void> => {
    try {
      await step;
    } catch (error) {
      if (error instanceof Fault) stop(error);
      throw error;
    }
  };
  return {
    publish: (events, signal) => orStop(sink.publish(events, signal)),
    flush: (signal) => orStop(sink.flush(signal)),
  };
}

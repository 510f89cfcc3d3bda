/** Ctrl-C and SIGTERM: the first one releases the shards, the second ends the process at once. */
import { EXIT } from '@rowparity/runtime';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignals {
  readonly signal: AbortSignal;
  /** Stops the run for a reason other than a signal; only the first reason is shown. */
  stop(why: string): void;
  stopListening(): void;
}

export function listenForStop(say: (line: string) => void): StopSignals {
  const controller = new AbortController();
  const stop = (why: string) => {
    if (controller.signal.aborted) return;
    say(`${why}: releasing the shards; a second signal ends at once`);
    controller.abort(new Error(why));
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(EXIT.inconclusive);
    stop(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    stop,
    stopListening() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

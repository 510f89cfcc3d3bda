/** Ctrl-C and its kin: the first one hands the shards back, the second ends the process at once. */
import { EXIT } from '@rowparity/runtime';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignals {
  readonly signal: AbortSignal;
  stopListening(): void;
}

export function listenForStop(say: (line: string) => void): StopSignals {
  const stop = new AbortController();
  const ask = (why: string) => {
    if (stop.signal.aborted) process.exit(EXIT.inconclusive);
    say(`${why}: handing the shards back; once more ends at once`);
    stop.abort(new Error(why));
  };
  const onSignal = (signal: NodeJS.Signals) => ask(signal);
  // Nobody reads the events any more: without this their shards would be retried for a minute.
  const onOutputError = () => {
    if (!stop.signal.aborted) ask('standard output was closed');
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.stdout.on('error', onOutputError);
  return {
    signal: stop.signal,
    stopListening() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

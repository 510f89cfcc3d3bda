/** Answers over watches: begin, stop, and where they stand. The supervisor begins their generations. */
import {
  type COORDINATOR_ROUTES,
  generationRunId,
  runSpec,
  type SpecProblem,
  WATCHES_MAX,
  type WatchRecord,
  type WatchSpec,
} from '@rowparity/contracts';
import { type LedgerReadings, nextAt, type WatchStore } from '@rowparity/core';
import type { HttpHandlers } from '@rowparity/runtime';
import { type AcceptDeps, refusedNames } from './acceptSpec.ts';
import { runAnswer } from './runAnswer.ts';

/** A watch that was stopped is forgotten as settled runs are, when another one comes. */
const STOPPED_KEPT_MS = 30 * 24 * 3600 * 1000;

export interface WatchHandlersDeps extends Pick<AcceptDeps, 'known' | 'allowPredicates' | 'clock'> {
  readonly ledger: WatchStore & Pick<LedgerReadings, 'getRun'>;
}

type Handlers = Pick<
  HttpHandlers<typeof COORDINATOR_ROUTES>,
  'putWatch' | 'listWatches' | 'getWatch' | 'stopWatch'
>;

export function watchHandlers(deps: WatchHandlersDeps): Handlers {
  const { ledger, clock } = deps;
  const watchAt = async (id: string) => {
    const watch = await ledger.getWatch(id);
    return watch ? ({ status: 200, body: await watchAnswer(watch, ledger) } as const) : unknownWatch(id);
  };
  return {
    async putWatch({ params: { id }, body: spec }) {
      const problems = problemsOf(id, spec, deps);
      if (problems.length > 0) return invalidWatch(problems);
      const now = clock.now();
      const times = { now, forgetBefore: now - STOPPED_KEPT_MS };
      const { kind } = await ledger.putWatch({ watchId: id, spec, max: WATCHES_MAX, ...times });
      if (kind === 'different') {
        const message = `Watch ${id} exists with another spec. Stop it and choose another id.`;
        return { status: 409, body: { error: 'watch_exists', message } };
      }
      if (kind === 'full') {
        const message = `There are ${WATCHES_MAX} watches already. Stopped ones are forgotten after 30 days.`;
        return { status: 409, body: { error: 'too_many_watches', message } };
      }
      const answer = await watchAt(id);
      if (answer.status === 200) return answer;
      throw new Error(`the watch ${id} was written and is not there`);
    },
    async listWatches() {
      const watches = await ledger.listWatches();
      const body = { watches: await Promise.all(watches.map((watch) => watchAnswer(watch, ledger))) };
      return { status: 200, body };
    },
    getWatch: ({ params: { id } }) => watchAt(id),
    async stopWatch({ params: { id } }) {
      await ledger.stopWatch(id, clock.now());
      return watchAt(id);
    },
  };
}

/** What the spec of a generation may not have here. */
function problemsOf(
  id: string,
  { run }: WatchSpec,
  deps: Pick<AcceptDeps, 'known' | 'allowPredicates'>,
): readonly SpecProblem[] {
  const spec = runSpec.parse({ ...run, runId: generationRunId({ watchId: id }, 1) });
  return refusedNames(spec, deps).map(({ path, message }) => ({ path: `run.${path}`, message }));
}

async function watchAnswer(watch: WatchRecord, ledger: Pick<LedgerReadings, 'getRun'>) {
  const { version: _, ...told } = watch;
  const { generation, state } = watch;
  const run = generation === 0 ? undefined : await ledger.getRun(generationRunId(watch, generation));
  return {
    ...told,
    run: run ? runAnswer(run) : null,
    nextAt: state === 'active' ? nextAt(watch) : null,
  };
}

function invalidWatch(problems: readonly SpecProblem[]) {
  const message = 'The watch is not valid; problems lists every place.';
  return { status: 400, body: { error: 'invalid_watch', message, problems } } as const;
}

function unknownWatch(id: string) {
  return { status: 404, body: { error: 'watch_unknown', message: `There is no watch "${id}".` } } as const;
}

// What the demo came to, and what must hold for it to be a success.

import { confirmedOf, type RunReport, type Verdict } from '@rowparity/contracts';
import type { Judgement } from '@rowparity/harness';
import type { DemoOptions } from './options.ts';
import type { Phase } from './phases.ts';

export interface Check {
  readonly claim: string;
  readonly holds: boolean;
}

export interface Outcome {
  readonly options: DemoOptions;
  readonly verdict: Verdict | null;
  readonly judgement: Judgement;
  readonly checks: readonly Check[];
  readonly report: RunReport;
  readonly reportFile: string;
  readonly killedAt: number | undefined;
  readonly phases: readonly Phase[];
}

interface Evidence {
  readonly planted: number;
  readonly judgement: Judgement;
  readonly report: RunReport;
  /** Of the run after the repair. */
  readonly cured: RunReport;
  readonly killedAt: number | undefined;
  readonly options: Pick<DemoOptions, 'killWorker'>;
}

export function checksOf({ planted, judgement, report, cured, killedAt, options }: Evidence): Check[] {
  const { found, missed, problems, messages, repeats } = judgement;
  const verdict = planted > 0 ? 'inconsistent' : 'consistent';
  return [
    {
      claim: 'found is exactly what was planted',
      holds: found === planted && missed + judgement.false === 0,
    },
    { claim: `the verdict is ${verdict}`, holds: report.verdict === verdict },
    { claim: 'every shard of every table was compared', holds: report.complete },
    {
      claim: "the report's counts are the events' counts",
      holds: confirmedOf(report.counts) === messages - repeats,
    },
    { claim: 'after the repair a second run is consistent', holds: cured.verdict === 'consistent' },
    { claim: 'every event is as consumers expect it', holds: problems.length === 0 },
    ...(options.killWorker
      ? [{ claim: 'a worker was killed in the middle of the run', holds: killedAt !== undefined }]
      : []),
  ];
}

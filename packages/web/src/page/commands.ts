/** What can be done with a run: commands to copy. The page itself changes nothing. Pure. */
import type { MigrationGateAnswer, RunReport } from '@rowparity/contracts';
import { STAGE_WORDS } from './stageWords.ts';

export interface Command {
  readonly command: string;
  readonly purpose: string;
}

/** Letters of a run id need no quotes in a shell. */
export function commandsOf({
  runId,
  state,
  paused,
  counts,
  known,
  shards,
}: CommandGrounds): readonly Command[] {
  if (state !== 'settled') {
    return [
      paused
        ? { command: `rowparity resume ${runId}`, purpose: 'Go on where it was paused.' }
        : {
            command: `rowparity pause ${runId}`,
            purpose: 'Let go of both databases, and keep what was compared.',
          },
      { command: `rowparity cancel ${runId}`, purpose: 'End it now. What was found stays in the report.' },
      {
        command: `rowparity watch ${runId}`,
        purpose: 'Follow it in a terminal; the exit code is the verdict.',
      },
    ];
  }
  const isPartOpen = shards.inconclusive + shards.differs > 0;
  return [
    ...(isPartOpen
      ? [
          {
            command: `rowparity rerun ${runId} --as ${runId}-again`,
            purpose: 'Compare only the shards that differ or have no proof anew, as a new run.',
          },
        ]
      : []),
    ...(known > 0
      ? [
          {
            command: `rowparity recheck ${runId} --as ${runId}-recheck`,
            purpose: 'After a repair: look only at the known differences again.',
          },
          { command: `rowparity known ${runId}`, purpose: 'List the keys of the differences.' },
        ]
      : []),
    ...(counts > 0
      ? [
          {
            command: 'rowparity repair events.ndjson --sql repair.sql',
            purpose: 'Write SQL that repairs the rows of the events; nothing is executed.',
          },
        ]
      : []),
    { command: `rowparity gate ${runId}`, purpose: 'Ask in a script whether the migration may go on.' },
    { command: `rowparity report ${runId} --output ${runId}.html`, purpose: 'Write a report to hand on.' },
    {
      command: `rowparity certificate ${runId} --output ${runId}.ndjson`,
      purpose: 'Write the certificate, which can be verified offline.',
    },
  ];
}

export interface CommandGrounds extends Pick<RunReport, 'runId' | 'state' | 'paused' | 'shards'> {
  /** Differences. */
  readonly counts: number;
  /** Of them, those whose keys are kept. */
  readonly known: number;
}

/** A switch names the present stage, so that it does nothing when another person was quicker. */
export function commandsOfMigration({
  migrationId,
  stage,
  neighbours,
}: MigrationGateAnswer): readonly Command[] {
  return [
    ...neighbours.map((next) => ({
      command: `rowparity stage ${migrationId} ${next} --from ${stage}`,
      purpose: `Switch to the stage “${STAGE_WORDS[next]}”.`,
    })),
    { command: `rowparity migration run ${migrationId}`, purpose: 'Order a full run.' },
    {
      command: `rowparity gate --migration ${migrationId}`,
      purpose: 'Ask in a script whether it may go on.',
    },
  ];
}

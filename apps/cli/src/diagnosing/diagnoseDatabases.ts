/** Looks at everything that a run between two databases needs. It reads schemas and variables, and no rows. */
import {
  type Direction,
  directionOf,
  Fault,
  type Finding,
  failureOf,
  type HostLimits,
} from '@rowparity/contracts';
import {
  byRole,
  clockFindings,
  loginFinding,
  planFailureFinding,
  planFindings,
  type ServerFacts,
  serverFindings,
} from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { draftSpec } from '../checking/chooseRun.ts';
import { commandWords } from '../checking/commandWords.ts';
import { type Databases, openDatabases, SESSIONS_A_SHARD } from '../checking/databases.ts';
import { dryRunPlan } from '../checking/dryRunPlan.ts';
import type { SpecTexts } from '../checking/specOptions.ts';
import { PLACES, type Place } from '../connecting/connectionOptions.ts';
import type { Targets } from '../connecting/readTargets.ts';
import { withoutPlace } from './diagnoseServer.ts';

export interface DiagnosisInput {
  readonly targets: Targets;
  readonly texts: SpecTexts;
  readonly concurrency: number;
  readonly limits: HostLimits;
}

type Looked = { readonly facts: ServerFacts } | { readonly fault: Fault };

export async function diagnoseDatabases(input: DiagnosisInput): Promise<readonly Finding[]> {
  const { targets, texts, concurrency } = input;
  const databases = openDatabases(targets, input);
  const { signal } = new AbortController();
  try {
    const draft = { texts, refs: databases.refs, database: targets.source.database, now: systemClock.now() };
    const spec = draftSpec(draft);
    const [source, destination] = await Promise.all(PLACES.map((place) => look(place, databases, signal)));
    const looked = { source, destination } as Readonly<Record<Place, Looked>>;
    const hasPattern = spec.tables.some((table) => 'pattern' in table);
    const findings = PLACES.flatMap((place) => {
      const one = looked[place];
      if ('fault' in one)
        return [
          loginFinding(place, withoutPlace(failureOf(one.fault), databases.places[place]), targets[place]),
        ];
      const { database } = targets[place];
      const sessions = SESSIONS_A_SHARD * concurrency;
      return serverFindings(place, one.facts, { sessions, hasPattern, database });
    });
    if ('fault' in looked.source || 'fault' in looked.destination) return [...findings, NOT_LOOKED_AT];
    const facts = { source: looked.source.facts, destination: looked.destination.facts };
    const clocks = { source: facts.source.clock, destination: facts.destination.clock };
    return [
      ...findings,
      ...clockFindings({ ...clocks, overlapMs: spec.changedSince?.overlapMs }).map(inFlags),
      ...(await planned({ spec, facts }, databases, signal)),
    ];
  } finally {
    await databases.close();
  }
}

const NOT_LOOKED_AT: Finding = {
  subject: 'both',
  check: 'tables',
  level: 'skipped',
  message: 'tables, clocks and replication are looked at when both servers answer',
};

const FLAGS: readonly (readonly [RegExp, string])[] = [
  [/\(recheck\.fence\)/g, '(--fence heartbeat, --fence-column)'],
  [/\bchangedSince\.overlapMs\b/g, '--changed-overlap-ms'],
];

function inFlags({ message, remedy, ...finding }: Finding): Finding {
  const words = (text: string) =>
    FLAGS.reduce((told, [field, flag]) => told.replace(field, flag), commandWords(text));
  return { ...finding, message: words(message), ...(remedy === undefined ? {} : { remedy: words(remedy) }) };
}

/** People know the two databases by their places, not by the roles that they have in a run. */
function inPlaces(message: string, direction: Direction): string {
  const { base, target } = byRole({ source: 'source', destination: 'destination' }, direction);
  return message.replace(/\bthe base\b/g, `the ${base}`).replace(/\bthe target\b/g, `the ${target}`);
}

async function look(place: Place, databases: Databases, signal: AbortSignal): Promise<Looked> {
  try {
    return { facts: await databases.serverFacts(place, signal) };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}

interface Planned {
  readonly spec: ReturnType<typeof draftSpec>;
  readonly facts: Readonly<Record<Place, ServerFacts>>;
}

async function planned(
  { spec, facts }: Planned,
  databases: Databases,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings = await dryRunPlan(spec, { databases, signal }, (run) => planFindings(run, facts)).catch(
    (error: unknown) => {
      if (error instanceof Fault) return [planFailureFinding(failureOf(error))];
      throw error;
    },
  );
  return findings.map((one) => inFlags({ ...one, message: inPlaces(one.message, directionOf(spec)) }));
}

/**
 * The two databases of a check. A run's spec names them by a reference that carries a hash of the server and the
 * database, so that an interrupted run is never continued between other databases.
 */
import { createHash } from 'node:crypto';
import { directionOf, Fault, type HostLimits, type RunSpec, type TablePlan } from '@rowparity/contracts';
import {
  type BudgetUse,
  byRole,
  type Catalog,
  isLimited,
  MemoryHostBudget,
  mapSides,
  type PauseReadings,
  type ServerFacts,
  type ShardReaders,
  type Sides,
  type WorkedRun,
} from '@rowparity/core';
import {
  type ConnectionTarget,
  openConnections,
  openReaders,
  ReadableRows,
  RepairRows,
  readServerFacts,
  type SessionPool,
  SqlCatalog,
  SqlHostSignals,
  serverOf,
} from '@rowparity/mysql';
import { systemClock } from '@rowparity/runtime';
import { PLACES, type Place } from '../connecting/connectionOptions.ts';
import type { Targets } from '../connecting/readTargets.ts';
import { UsageError } from '../usage/usageError.ts';

/** A shard reads pages on one session and points on another. */
export const SESSIONS_A_SHARD = 2;
const REF_HASH_CHARS = 12;

export interface Databases {
  readonly refs: Readonly<Record<Place, string>>;
  /** `source (db1:3306/shop)` */
  readonly places: Readonly<Record<Place, string>>;
  /** What was measured of its link, and whether it is compressed. */
  link(place: Place): string;
  /** Throws when a server does not answer, or lets us not in; it does not wait for one. */
  connect(): Promise<void>;
  catalog(ref: string): Catalog;
  serverFacts(place: Place, signal: AbortSignal): Promise<ServerFacts>;
  /** What repairs the rows of the judged side. Reads only. */
  repairRows(spec: RunSpec, plan: TablePlan, signal: AbortSignal): Promise<RepairRows>;
  /** Single rows, for a person to read. */
  readableRows(spec: RunSpec, plan: TablePlan): Sides<ReadableRows>;
  openReaders(run: WorkedRun, plan: TablePlan, signal: AbortSignal): Promise<ShardReaders>;
  /** Undefined where neither server has limits. */
  readonly budget: (BudgetUse & { readonly pauses: PauseReadings }) | undefined;
  close(): Promise<void>;
}

export function openDatabases(
  targets: Targets,
  { concurrency, limits = {} }: { readonly concurrency: number; readonly limits?: HostLimits },
): Databases {
  const idleMax = SESSIONS_A_SHARD * concurrency;
  const refs = forPlaces((place) => `${place}_${hashOf(targets[place])}`);
  const named = PLACES.map((place) => [place.toUpperCase(), targets[place]] as const);
  const connections = openConnections(new Map(named), { idleMax });
  const placeOf = (ref: string): Place => {
    const place = PLACES.find((one) => refs[one] === ref);
    if (place) return place;
    const message = `Connection "${ref}": the run began between other databases.`;
    throw new Fault('configuration', { code: 'CONNECTION_UNKNOWN', message });
  };
  const poolOf = (ref: string): SessionPool => connections.pool(placeOf(ref));
  const limitsOf = (ref: string): HostLimits => ({ ...limits, ...connections.limits(placeOf(ref)) });
  const openSession = (ref: string, ms: number) => connections.session(placeOf(ref), ms);
  const budget = PLACES.some((place) => isLimited(limitsOf(refs[place])))
    ? new MemoryHostBudget({ clock: systemClock, signals: new SqlHostSignals({ openSession }) })
    : undefined;
  return {
    refs,
    places: forPlaces((place) => connections.pool(place).place),
    link: (place) => connections.link(place),
    async connect() {
      // All of them end before one may fail: a session given back to a closed pool would keep the process alive.
      const ends = await Promise.allSettled(PLACES.map((place) => tryOut(connections.pool(place))));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    catalog: (ref) => new SqlCatalog(poolOf(ref)),
    async serverFacts(place, signal) {
      const pool = connections.pool(place);
      const session = await pool.take(signal);
      try {
        const asked = { target: targets[place], link: connections.link(place), clock: systemClock };
        return await readServerFacts(session, asked, signal);
      } finally {
        await pool.release(session);
      }
    },
    async repairRows(spec, plan, signal) {
      const refs = byRole(spec, directionOf(spec));
      const target = await new SqlCatalog(poolOf(refs.target)).describe(plan.tables.target.table, signal);
      if (!target) throw new UsageError(`table ${plan.tables.target.table}: it was dropped`);
      return RepairRows.open(mapSides(refs, poolOf), { plan, target }, signal);
    },
    readableRows: (spec, plan) =>
      mapSides(byRole(spec, directionOf(spec)), (ref, side) => new ReadableRows(poolOf(ref), plan, side)),
    openReaders: (run, plan, signal) => openReaders({ run, plan, poolOf }, signal),
    budget: budget && { budget, limitsOf, pauses: budget },
    async close() {
      await budget?.close();
      await connections.close();
    },
  };
}

/** At the start a person waits at the terminal: a server that does not answer is a wrong address. */
async function tryOut(pool: SessionPool): Promise<void> {
  try {
    await pool.release(await pool.take());
  } catch (error) {
    if (error instanceof Fault && error.class === 'transient') {
      throw new UsageError(error.message, { cause: error });
    }
    throw error;
  }
}

function hashOf(target: ConnectionTarget): string {
  const place = `${serverOf({ ...target, host: target.host.toLowerCase() })}/${target.database}`;
  return createHash('sha256').update(place).digest('hex').slice(0, REF_HASH_CHARS);
}

function forPlaces<T>(make: (place: Place) => T): Readonly<Record<Place, T>> {
  return { source: make('source'), destination: make('destination') };
}

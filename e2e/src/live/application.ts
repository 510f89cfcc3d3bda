// The application that writes while databases are compared. With two databases it writes each change to the source
// and, some time later, to the destination; with a replica, to the source alone. Changes of one key keep their order.

import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type SeededRandom, type SqlServer } from '@rowparity/testkit';
import type { PlantedPlaces } from './plants.ts';
import { insertOf, LIVE_TABLES, type LiveTableName, tableSizes, whereKey } from './tables.ts';

export interface ApplicationOptions {
  readonly source: SqlServer;
  /** Absent where a replica takes the changes over. */
  readonly destination?: SqlServer | undefined;
  readonly database: string;
  readonly rows: number;
  readonly places: PlantedPlaces;
  /** Changes a second, as far as the servers keep up. */
  readonly rate: number;
  readonly random: SeededRandom;
}

export interface Application {
  /** Changes that were committed on the source since the last call, and the lags of those on the destination. */
  take(): { readonly changes: number; readonly lagsMs: readonly number[] };
  /** No change is made until `resume`; resolves when those that were begun are on both databases. */
  rest(): Promise<void>;
  resume(): void;
  /** Aborted when a write failed. */
  readonly broken: AbortSignal;
  stop(): Promise<void>;
}

/** Each lane writes its own keys in order; lanes do not wait for each other. */
const LANES = 8;
const TICK_MS = 20;
const LAG_MS_MAX = 800;
/** On a slow machine the application makes fewer changes: the lag must stay what it is meant to be. */
const BEHIND_MS_MAX = 2 * LAG_MS_MAX;
const CHANGES_A_TRANSACTION = 16;

/** Tables that get new rows and lose some. */
const GROWING = ['accounts', 'sessions'] as const;

/** Of all changes. The rest are removed rows. */
const SHARES: readonly (readonly [ChangeKind, number])[] = [
  ['hot', 0.18],
  ['flags', 0.18],
  ['accounts', 0.28],
  ['positions', 0.16],
  ['sessions', 0.1],
  ['insert', 0.05],
];

type Connection = Awaited<ReturnType<typeof connect>>;

interface Change {
  readonly lane: number;
  readonly sql: string;
}

export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const { source, destination, database } = options;
  const failed = new AbortController();
  const fail = (error: unknown) => failed.abort(error);
  const lanes = await Promise.all(
    Array.from({ length: LANES }, async () => {
      const open = (server: SqlServer) => openWriter(server, database);
      return new Lane(await open(source), destination && (await open(destination)), options.random, fail);
    }),
  );
  const changes = new Changes(options);
  let isResting = false;
  let owed = 0;
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    owed += (options.rate * Math.min(nowMs - lastMs, 10 * TICK_MS)) / 1000;
    lastMs = nowMs;
    const isBehind = lanes.some((lane) => lane.behindMs > BEHIND_MS_MAX);
    if (isResting || isBehind || failed.signal.aborted) owed = 0;
    for (; owed >= 1; owed -= 1) {
      const { lane, sql } = changes.next();
      (lanes[lane] as Lane).add(sql);
    }
  }, TICK_MS);
  const rest = async () => {
    isResting = true;
    while (lanes.some(({ waiting }) => waiting > 0)) {
      failed.signal.throwIfAborted();
      await sleep(TICK_MS);
    }
  };
  return {
    broken: failed.signal,
    take: () => ({
      changes: lanes.reduce((sum, lane) => sum + lane.takeChanges(), 0),
      lagsMs: lanes.flatMap((lane) => lane.takeLags()),
    }),
    rest,
    resume: () => {
      isResting = false;
    },
    async stop() {
      clearInterval(timer);
      isResting = true;
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}

async function openWriter(server: SqlServer, database: string): Promise<Connection> {
  const connection = await connect(server, database, { multipleStatements: true });
  // Gap locks would let lanes wait for each other.
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  return connection;
}

/** Which change comes next. */
class Changes {
  readonly #options: ApplicationOptions;
  /** Rows of each table that may be changed, and of those the ones that may be removed. */
  readonly #rows: Record<LiveTableName, number[]>;
  #next: number;

  constructor(options: ApplicationOptions) {
    this.#options = options;
    const { rows, places } = options;
    const sizes = tableSizes(rows);
    const own = (table: LiveTableName) =>
      Array.from({ length: sizes[table] }, (_, n) => n).filter((n) => !places.isQuiet(table, n));
    this.#rows = {
      accounts: own('accounts'),
      positions: own('positions'),
      sessions: own('sessions'),
      hot: own('hot'),
      flags: own('flags'),
    };
    this.#next = rows;
  }

  next(): Change {
    const { random, places } = this.#options;
    const kind = kindAt(random.fraction());
    if (kind === 'insert') return this.#insert(random.pick(GROWING));
    if (kind !== 'delete') return this.#update(kind, this.#someRow(kind));
    const table = random.pick(GROWING);
    const rows = this.#rows[table];
    const place = random.int(0, rows.length - 1);
    const n = rows[place] as number;
    if (places.isKept(table, n)) return this.#update(table, n);
    rows[place] = rows.at(-1) as number;
    rows.pop();
    return { lane: laneOf(table, n), sql: `DELETE FROM ${table} WHERE ${whereKey(LIVE_TABLES[table], n)}` };
  }

  /** Every third change is of a row that a difference was planted on, or of one that changes often. */
  #someRow(table: LiveTableName): number {
    const { random, places } = this.#options;
    const busy = places.plants.filter((one) => one.isBusy && one.table === table);
    if (busy.length > 0 && table !== 'hot' && table !== 'flags' && random.chance(1 / 3)) {
      return random.pick(busy).n;
    }
    return random.pick(this.#rows[table]);
  }

  #insert(table: LiveTableName): Change {
    const n = this.#next;
    this.#next += 1;
    this.#rows[table].push(n);
    return { lane: laneOf(table, n), sql: insertOf(LIVE_TABLES[table], n, this.#options.random) };
  }

  #update(name: LiveTableName, n: number): Change {
    const table = LIVE_TABLES[name];
    const sql = `UPDATE ${name} SET ${table.change(this.#options.random)} WHERE ${whereKey(table, n)}`;
    return { lane: laneOf(name, n), sql };
  }
}

type ChangeKind = LiveTableName | 'insert' | 'delete';

function kindAt(fraction: number): ChangeKind {
  let upTo = 0;
  for (const [kind, share] of SHARES) {
    upTo += share;
    if (fraction < upTo) return kind;
  }
  return 'delete';
}

function laneOf(table: LiveTableName, n: number): number {
  return (table.length + n) % LANES;
}

/** Writes to the source, then to the destination, in order. */
class Lane {
  readonly #source: Connection;
  readonly #destination: Connection | undefined;
  readonly #random: SeededRandom;
  readonly #queue: { readonly sql: string; readonly addedAtMs: number }[] = [];
  readonly #late: {
    readonly sql: string;
    readonly count: number;
    readonly atMs: number;
    readonly dueAtMs: number;
  }[] = [];
  readonly #work: readonly Promise<void>[];
  #waiting = 0;
  #changes = 0;
  #lagsMs: number[] = [];
  #isOver = false;

  constructor(
    ...[source, destination, random, fail]: [
      Connection,
      Connection | undefined,
      SeededRandom,
      (error: unknown) => void,
    ]
  ) {
    this.#source = source;
    this.#destination = destination;
    this.#random = random;
    this.#work = [this.#write().catch(fail), this.#follow().catch(fail)];
  }

  /** Changes that are not on both databases yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Age of the oldest change that is not on both databases yet. */
  get behindMs(): number {
    const sinceMs = this.#late[0]?.atMs ?? this.#queue[0]?.addedAtMs;
    return sinceMs === undefined ? 0 : performance.now() - sinceMs;
  }

  add(sql: string): void {
    this.#queue.push({ sql, addedAtMs: performance.now() });
    this.#waiting += 1;
  }

  takeChanges(): number {
    const changes = this.#changes;
    this.#changes = 0;
    return changes;
  }

  takeLags(): readonly number[] {
    const lagsMs = this.#lagsMs;
    this.#lagsMs = [];
    return lagsMs;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#work);
    await Promise.all([this.#source.end(), this.#destination?.end()]);
  }

  async #write(): Promise<void> {
    while (!this.#isOver) {
      const statements = this.#queue.splice(0, CHANGES_A_TRANSACTION).map(({ sql }) => sql);
      if (statements.length === 0) {
        await sleep(TICK_MS);
        continue;
      }
      const sql = `BEGIN; ${statements.join('; ')}; COMMIT`;
      await this.#source.query(sql);
      this.#changes += statements.length;
      const count = statements.length;
      const atMs = performance.now();
      if (this.#destination) {
        this.#late.push({ sql, count, atMs, dueAtMs: atMs + this.#random.int(0, LAG_MS_MAX) });
      } else this.#waiting -= count;
    }
  }

  async #follow(): Promise<void> {
    while (this.#destination && !this.#isOver) {
      const [next] = this.#late;
      const waitMs = next ? next.dueAtMs - performance.now() : TICK_MS;
      if (waitMs > 0) await sleep(Math.min(waitMs, TICK_MS));
      if (!next || waitMs > TICK_MS) continue;
      await this.#destination.query(next.sql);
      this.#late.shift();
      this.#waiting -= next.count;
      this.#lagsMs.push(performance.now() - next.atMs);
    }
  }
}

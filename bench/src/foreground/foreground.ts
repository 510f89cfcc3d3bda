/**
 * The application beside a check: transactions and point reads at a fixed rate, each timed from the moment when it was
 * due. What waits for a busy server is counted as it waits, and a slow answer makes no later one look fast.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type SqlServer, seededRandom } from '@rowparity/testkit';

const FOREGROUND_TABLE = 'foreground';
const ROWS = 20_000;
const ROWS_A_STATEMENT = 1000;
const CONNECTIONS = 8;
const TICK_MS = 2;
/** Beyond it the rate is too high for this machine, and nothing was measured. */
const OWED_MAX = 5000;

export interface Rates {
  readonly writesPerSecond: number;
  readonly readsPerSecond: number;
}

export interface Latencies {
  /** Sorted, in ms. */
  readonly writes: readonly number[];
  readonly reads: readonly number[];
}

type Connections = readonly Awaited<ReturnType<typeof connect>>[];

export async function makeForegroundTable(server: SqlServer, database: string): Promise<void> {
  const admin = await connect(server, database);
  try {
    await admin.query(
      `CREATE TABLE ${FOREGROUND_TABLE} (id INT PRIMARY KEY, n INT NOT NULL, note VARCHAR(100) NOT NULL)`,
    );
    for (let from = 0; from < ROWS; from += ROWS_A_STATEMENT) {
      const values = Array.from(
        { length: ROWS_A_STATEMENT },
        (_, i) => `(${from + i}, 0, 'note ${from + i}')`,
      );
      await admin.query(`INSERT INTO ${FOREGROUND_TABLE} VALUES ${values.join(', ')}`);
    }
  } finally {
    await admin.end();
  }
}

/** Runs for so long, and until everything that was due has its answer. */
export async function runForeground(
  server: SqlServer,
  database: string,
  { rates, ms }: { readonly rates: Rates; readonly ms: number },
): Promise<Latencies> {
  const connections: Connections = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => connect(server, database)),
  );
  try {
    const { int } = randomInts();
    const write = `UPDATE ${FOREGROUND_TABLE} SET n = n + 1 WHERE id = ?`;
    const read = `SELECT note FROM ${FOREGROUND_TABLE} WHERE id = ?`;
    const pool = new Pool(connections);
    const [writes, reads] = await Promise.all([
      atRate(rates.writesPerSecond, ms, () => pool.run(write, [int(ROWS)])),
      atRate(rates.readsPerSecond, ms, () => pool.run(read, [int(ROWS)])),
    ]);
    return { writes, reads };
  } finally {
    await Promise.all(connections.map((connection) => connection.end()));
  }
}

async function atRate(perSecond: number, ms: number, step: () => Promise<void>): Promise<readonly number[]> {
  const latencies: number[] = [];
  const open = new Set<Promise<void>>();
  const begin = performance.now();
  for (let done = 0; performance.now() - begin < ms; ) {
    const due = Math.floor(((performance.now() - begin) * perSecond) / 1000);
    for (; done < due; done += 1) {
      const dueAtMs = begin + ((done + 1) * 1000) / perSecond;
      const one = step().then(() => {
        latencies.push(performance.now() - dueAtMs);
        open.delete(one);
      });
      open.add(one);
    }
    if (open.size > OWED_MAX) throw new Error(`${perSecond} a second are too many for this machine`);
    await sleep(TICK_MS);
  }
  await Promise.all(open);
  return latencies.sort((a, b) => a - b);
}

/** Statements wait in line for a free connection, as in an application. */
class Pool {
  readonly #free: Connections[number][];
  readonly #line: (() => void)[] = [];

  constructor(connections: Connections) {
    this.#free = [...connections];
  }

  async run(sql: string, values: readonly number[]): Promise<void> {
    while (this.#free.length === 0) await new Promise<void>((resolve) => this.#line.push(resolve));
    const connection = this.#free.pop() as Connections[number];
    try {
      await connection.execute(sql, [...values]);
    } finally {
      this.#free.push(connection);
      this.#line.shift()?.();
    }
  }
}

function randomInts() {
  const random = seededRandom(1);
  return { int: (below: number) => random.int(0, below - 1) };
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

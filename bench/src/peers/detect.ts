/** Plants each kind of difference in a table of its own, and counts what every tool finds, misses and makes up. */
import { connect, createDatabase } from '@rowparity/testkit';
import { makeNumbers } from './numbers.ts';
import { type BothServers, type ComparedTables, isMissing, type MissingPeer, type Peer } from './peer.ts';
import { PLANTS, type Plant } from './plants.ts';

const ROWS = 2000;
/** An odd number of rows, so that equal changes do not cancel in pairs; two where the plant says so. */
const CHOSEN = { some: [101, 502, 903, 1304, 1705], two: [101, 1705] } as const;

export interface Detection {
  readonly plant: string;
  /** Rows that differ. */
  readonly planted: number;
  /** By the name of the tool. */
  readonly found: Readonly<Record<string, Found>>;
}

export interface Found {
  readonly found: number;
  /** Reported, and not different. */
  readonly made: number;
  readonly failure?: string | undefined;
}

export async function detect(
  servers: BothServers,
  peers: readonly (Peer | MissingPeer)[],
  say: (line: string) => void,
): Promise<readonly Detection[]> {
  const detections: Detection[] = [];
  const { flavour } = servers.destination;
  for (const [place, plant] of PLANTS.entries()) {
    if (plant.only && plant.only !== flavour) continue;
    say(`${place + 1} of ${PLANTS.length}: ${plant.name}`);
    const { compared, differing } = await planted(servers, plant, place);
    const found: Record<string, Found> = {};
    for (const peer of peers) {
      if (isMissing(peer)) continue;
      found[peer.name] = judged(await peer.compare(compared), differing);
    }
    detections.push({ plant: plant.name, planted: differing.size, found });
  }
  return detections;
}

/** Makes the table on both servers, changes the destination, and asks the servers which keys that were. */
async function planted(
  servers: BothServers,
  plant: Plant,
  place: number,
): Promise<{ readonly compared: ComparedTables; readonly differing: ReadonlySet<string> }> {
  const database = `planted_${place}`;
  const key = plant.key ?? { columns: 'id BIGINT NOT NULL', names: ['id'], values: 'n' };
  const names = key.names.join(', ');
  const chosen = plant.differing === 'two' ? CHOSEN.two : CHOSEN.some;
  const differing = new Set<string>();
  for (const server of [servers.source, servers.destination]) {
    await createDatabase(server, database);
    const connection = await connect(server, database);
    try {
      await makeNumbers(connection, ROWS);
      await connection.query(`CREATE TABLE t (${key.columns}, ${plant.columns}, PRIMARY KEY (${names}))`);
      await connection.query(`INSERT INTO t SELECT ${key.values}, ${plant.values} FROM numbers ORDER BY n`);
      const isChosen = `(${names}) IN (SELECT ${key.values} FROM numbers WHERE n IN (${chosen.join(', ')}))`;
      const condition = plant.differing === 'all' ? 'TRUE' : isChosen;
      if (server === servers.source && plant.differing !== 'none') {
        const [rows] = await connection.query(`SELECT ${names} FROM t WHERE ${condition}`);
        for (const row of rows as Record<string, unknown>[]) differing.add(keyText(Object.values(row)));
      }
      if (server === servers.destination) await connection.query(plant.plant.replace('ROWS', condition));
      await connection.query('DROP TABLE numbers');
    } finally {
      await connection.end();
    }
  }
  const compared = { ...servers, database, tables: [{ name: 't', key: key.names }] };
  return { compared, differing: plant.plant.startsWith('INSERT') ? mirrored(differing) : differing };
}

/** The rows that are only on the destination have these keys (plants.ts). */
function mirrored(keys: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...keys].map((key) => String(-1 - Number(key))));
}

function judged(result: Awaited<ReturnType<Peer['compare']>>, differing: ReadonlySet<string>): Found {
  const reported = new Set(result.rows.map(({ key }) => keyText(key.split(','))));
  const found = [...reported].filter((key) => differing.has(key)).length;
  const failure = result.kind === 'failed' ? result.reason : undefined;
  return { found, made: reported.size - found, failure };
}

/** One spelling of a key: bytes in lower hex without a mark, a time without zeros at its end. */
function keyText(parts: readonly unknown[]): string {
  return parts
    .map((part) => {
      const text = Buffer.isBuffer(part) ? part.toString('hex') : String(part).trim();
      if (/^(0x|x)?[0-9a-f]{32}$/i.test(text)) return text.slice(-32).toLowerCase();
      return /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d+$/.test(text)
        ? text.replace('T', ' ').replace(/0+$/, '')
        : text;
    })
    .join(',');
}

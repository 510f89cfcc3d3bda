/** Times every tool on every table: whole processes, in turns, some rounds after one that warms up. */
import { isMissing, type MissingPeer, type Peer } from './peer.ts';
import type { TimedTables } from './timedTables.ts';

const PATIENCE_MS = 60_000;
/** A tool that takes longer is run once: its ratio is clear, and a start counts little in it. */
const SLOW_SECONDS = 20;

export interface PeerTiming {
  readonly table: string;
  readonly rows: number;
  readonly timings: readonly {
    readonly name: string;
    readonly seconds: readonly number[];
    /** It ended with a fault, or reported rows of equal tables; it is not run again then. */
    readonly failure?: string | undefined;
  }[];
}

export async function timePeers(
  tables: readonly TimedTables[],
  peers: readonly (Peer | MissingPeer)[],
  { repeats, say }: { readonly repeats: number; readonly say: (line: string) => void },
): Promise<readonly PeerTiming[]> {
  const present = peers.filter((peer): peer is Peer => !isMissing(peer));
  const timed: PeerTiming[] = [];
  for (const { name: table, rows, compared } of tables) {
    const seconds = new Map(present.map(({ name }) => [name, [] as number[]]));
    const failures = new Map<string, string>();
    const slow = new Set<string>();
    for (let round = 0; round <= repeats; round += 1) {
      for (const peer of present) {
        if (failures.has(peer.name) || slow.has(peer.name)) continue;
        const begin = performance.now();
        const result = await peer.compare({ ...compared, patienceMs: PATIENCE_MS });
        const took = (performance.now() - begin) / 1000;
        const isWrong = result.kind === 'ran' && result.rows.length > 0;
        if (result.kind === 'failed') failures.set(peer.name, result.reason);
        else if (isWrong) failures.set(peer.name, `reported ${result.rows.length} rows of equal tables`);
        else if (round > 0 || took > SLOW_SECONDS) seconds.get(peer.name)?.push(took);
        if (took > SLOW_SECONDS) slow.add(peer.name);
      }
      say(`${table}: round ${round} of ${repeats}`);
    }
    timed.push({
      ...{ table, rows },
      timings: [...seconds].map(([name, all]) => ({ name, seconds: all, failure: failures.get(name) })),
    });
  }
  return timed;
}

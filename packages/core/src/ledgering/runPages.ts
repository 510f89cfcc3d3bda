/**
 * Pages of the list of runs. A filter needs the headers, so one page reads a bounded number of them: a page may hold
 * fewer runs than its limit, or none, and still have a next one.
 */
import type { RunHeader, RunPlace } from '@rowparity/contracts';
import type { RunPage, RunPageQuery, UnreadableRun } from '../ports/ledger.ts';
import { readRuns } from './readableRuns.ts';

/** Headers that are read at once; each is less than a kilobyte, or a few with a long failure. */
const SLICE = 50;
/** Headers that one page reads. */
const LOOKED_MAX = 1000;

export interface RunShelf {
  /** The places of the next runs behind this one, from the newest run on where there is none. */
  placesAfter(place: RunPlace | undefined, count: number): Promise<readonly RunPlace[]>;
  /** Throws RUN_UNREADABLE. */
  read(runId: string): Promise<RunHeader | undefined>;
}

/** An unreadable run is on its page with every filter: what it is cannot be told. */
export async function pageOfRuns(query: RunPageQuery, shelf: RunShelf): Promise<RunPage> {
  const runs: RunHeader[] = [];
  const unreadable: UnreadableRun[] = [];
  let place = query.after;
  for (let looked = 0; looked < LOOKED_MAX; looked += SLICE) {
    const places = await shelf.placesAfter(place, SLICE);
    const read = await readRuns(
      places.map(({ runId }) => runId),
      (runId) => shelf.read(runId),
    );
    const headers = new Map(read.runs.map((run) => [run.runId, run]));
    const unread = new Map(read.unreadable.map((run) => [run.runId, run]));
    for (const next of places) {
      if (runs.length + unreadable.length === query.limit) return { runs, unreadable, next: place ?? null };
      const header = headers.get(next.runId);
      const damaged = unread.get(next.runId);
      if (header && isWanted(header, query)) runs.push(header);
      if (damaged) unreadable.push(damaged);
      place = next;
    }
    if (places.length < SLICE) return { runs, unreadable, next: null };
  }
  return { runs, unreadable, next: place ?? null };
}

function isWanted({ state, verdict }: RunHeader, query: RunPageQuery): boolean {
  return (
    (query.state === undefined || state === query.state) &&
    (query.verdict === undefined || verdict === query.verdict)
  );
}

export function isBehind(place: RunPlace, other: RunPlace | undefined): boolean {
  if (!other || place.createdAt < other.createdAt) return true;
  return place.createdAt === other.createdAt && place.runId < other.runId;
}

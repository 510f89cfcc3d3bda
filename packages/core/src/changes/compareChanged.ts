/**
 * Compares the rows of a table pair that changed since a time on either side: lists their keys by update time, a few at
 * a time, reads the rows of both sides by key, and compares these. First all that changed on the base, then what
 * changed on the target and is not in the base's list, so that a row whose two update times differ counts once. The
 * lists go on while rows change: they end when they have caught up.
 */
import type { ChangedPlace, KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import type { Candidate } from '../comparing/candidate.ts';
import { comparePage } from '../comparing/comparePage.ts';
import type { ComparedRange } from '../comparing/compareRange.ts';
import { Recall } from '../comparing/recall.ts';
import { keyText } from '../keys/keyOrder.ts';
import type { ChangedKey, ChangedKeysReader } from '../ports/changedKeys.ts';
import type { RowPage, RowReader } from '../ports/rowSource.ts';
import { type Retry, retriedReader } from '../rows/retriedReader.ts';
import { keyAt } from '../rows/rowPage.ts';
import { bothSides, mapSides, type Side, type Sides } from '../sides/sides.ts';
import { checkpointOf, placeOf } from './changedPlace.ts';

/** Keys of one step: as many as one point read takes well, for any width of a key. */
const KEYS_A_STEP = 200;
/** Seen by its update time, and not yet read: no row has this digest. */
const LISTED = { bytes: 0, digest: 'listed' };

export interface ChangedDeps {
  readonly runId: string;
  readonly shard: number;
  readonly plan: TablePlan;
  readonly points: Sides<RowReader>;
  readonly changed: Sides<ChangedKeysReader>;
  readonly signal: AbortSignal;
  readonly retried: Retry;
}

/** From a checkpoint of its own to the end. Its ranges are no ranges of keys: `upTo` is the next checkpoint. */
export async function* compareChanged(
  checkpoint: KeyTuple | null,
  deps: ChangedDeps,
): AsyncGenerator<ComparedRange, void, void> {
  const comparison = new ChangedComparison(deps);
  let place = placeOf(checkpoint);
  let after = checkpoint;
  for (;;) {
    const { side } = place;
    const listed = await deps.retried(() => deps.changed[side].list(place.after, KEYS_A_STEP, deps.signal));
    const isEnd = listed.length < KEYS_A_STEP;
    const last = listed.at(-1) ?? place.after;
    const next: ChangedPlace | undefined = !isEnd
      ? { ...place, after: last }
      : side === 'base'
        ? { side: 'target', after: null, baseEnd: last }
        : undefined;
    const upTo = next ? checkpointOf(next) : null;
    const open = side === 'base' ? listed : await comparison.notInBaseList(listed, place.baseEnd);
    yield* comparison.compare(
      open.map(({ key }) => key),
      side,
      { after, upTo },
    );
    if (!next) return;
    place = next;
    after = upTo;
  }
}

class ChangedComparison {
  readonly #deps: ChangedDeps;
  readonly #points: Sides<RowReader>;
  readonly #recall: Recall;

  constructor(deps: ChangedDeps) {
    this.#deps = deps;
    this.#points = mapSides(deps.points, (reader) => retriedReader(reader, deps.retried));
    this.#recall = new Recall({ ...deps, readers: this.#points });
  }

  /** A row of the base that changed behind the end of its list was not compared there. */
  async notInBaseList(listed: readonly ChangedKey[], end: ChangedKey | null): Promise<readonly ChangedKey[]> {
    if (listed.length === 0 || end === null) return listed;
    const { changed, retried, signal } = this.#deps;
    const keys = listed.map(({ key }) => key);
    const ofBase = await retried(() => changed.base.among(keys, signal));
    const compared = new Set(ofBase.filter(({ time }) => time <= end.time).map(({ key }) => keyText(key)));
    return listed.filter(({ key }) => !compared.has(keyText(key)));
  }

  /** One part for all of these keys, or more where their rows are large; the last one ends at `range.upTo`. */
  async *compare(
    keys: readonly KeyTuple[],
    side: Side,
    range: KeyRange,
  ): AsyncGenerator<ComparedRange, void, void> {
    if (keys.length === 0) {
      yield { range, rows: { base: 0, target: 0 }, candidates: [], equalByRule: [], planted: 0, caught: 0 };
      return;
    }
    const pages = await this.#read(keys);
    if (pages) {
      yield this.#compared({ keys, side, pages, range });
      return;
    }
    const half = Math.ceil(keys.length / 2);
    // The place in the list stays where it was until all of it is compared.
    yield* this.compare(keys.slice(0, half), side, { after: range.after, upTo: range.after });
    yield* this.compare(keys.slice(half), side, range);
  }

  /** Undefined when the rows are more than is held at once, which a single row never is. */
  async #read(keys: readonly KeyTuple[]): Promise<Sides<RowPage> | undefined> {
    const pages = await bothSides(this.#points, (reader) => reader.readKeys(keys, this.#deps.signal));
    const isWhole = keys.length === 1 || (pages.base.isComplete && pages.target.isComplete);
    return isWhole ? pages : undefined;
  }

  #compared({ keys, side, pages, range }: Step): ComparedRange {
    const { plan } = this.#deps;
    const rows = mapSides(pages, (page) => page.rows);
    const compared = comparePage(pages, this.#points, plan);
    const probed = this.#recall.probe(pages);
    const candidates = withUnread(compared.candidates, { keys, side, page: pages[side] });
    for (const one of ['base', 'target'] as const) this.#points[one].forget();
    return { range, rows, ...compared, candidates, ...probed };
  }
}

interface Step {
  readonly keys: readonly KeyTuple[];
  readonly side: Side;
  readonly pages: Sides<RowPage>;
  readonly range: KeyRange;
}

interface Listed {
  readonly keys: readonly KeyTuple[];
  readonly side: Side;
  /** What the side has for them. */
  readonly page: RowPage;
}

/**
 * Keys that a side listed and then did not find by their value: most were deleted in between. They are candidates, of
 * which that side has shown a row, so that only the recheck's proof of absence counts.
 */
function withUnread(found: readonly Candidate[], { keys, side, page }: Listed): Candidate[] {
  const read = new Set(Array.from({ length: page.rows }, (_, row) => keyText(keyAt(page, row))));
  const unread = new Map(keys.map((key) => [keyText(key), key] as const).filter(([text]) => !read.has(text)));
  if (unread.size === 0) return [...found];
  const nothing = { base: null, target: null };
  const suspects = new Map(found.map((candidate) => [keyText(candidate.key), candidate]));
  for (const [text, key] of unread) {
    const seen = suspects.get(text)?.seen ?? nothing;
    suspects.set(text, { key, seen: { ...seen, [side]: LISTED } });
  }
  return [...suspects.values()];
}

/**
 * Looks at pages of which most rows differ, as a whole. What has moved is given back, to be looked at by itself; and at
 * the look that may be the last one all of it: what is told of a row needs the row.
 */
import type { TablePlan } from '@rowparity/contracts';
import type { Candidate } from '../comparing/candidate.ts';
import type { Mark, ReplicationPosition } from '../ports/replicationPosition.ts';
import type { PageLimits, RowReader } from '../ports/rowSource.ts';
import type { Sides } from '../sides/sides.ts';
import type { WaitingCandidate } from './candidateQueue.ts';
import {
  addStillLook,
  type EvidenceNeeded,
  judgeStill,
  movedEvidence,
  sharedEvidence,
  stillEvidence,
} from './evidence.ts';
import type { FenceWaits, MarkStates } from './fenceWaits.ts';
import type { PendingPage } from './pendingPages.ts';
import { FENCE_POLL_MS, type RecheckPolicy } from './recheckPolicy.ts';
import type { ListOf } from './recheckRound.ts';
import { StillPage } from './stillPage.ts';
import { lookAtRange, StillPages } from './stillPages.ts';

export interface StillLooksDeps {
  readonly plan: TablePlan;
  readonly readers: Sides<RowReader>;
  readonly clock: { steadyNow(): number };
  readonly policy: RecheckPolicy;
  readonly fence: ReplicationPosition | undefined;
  readonly waits: FenceWaits;
  readonly signal: AbortSignal;
  needed(): Promise<EvidenceNeeded>;
  limitsOf(page: PendingPage): PageLimits;
}

/** The candidates of one page, and what all of its rows were at the look before. */
export interface EndingPage extends ListOf<WaitingCandidate> {
  readonly rangeDigests?: Sides<string> | undefined;
}

export interface LookedAt {
  readonly moved: readonly WaitingCandidate[];
  /** All of a page, which is held no more: the look at them may be their last one. */
  readonly ending: EndingPage;
  /** Of the marks of `ending`. */
  readonly states: MarkStates;
}

const NOTHING: LookedAt = { moved: [], ending: [], states: new Map() };

export class StillLooks {
  readonly #deps: StillLooksDeps;
  readonly #held = new StillPages();

  constructor(deps: StillLooksDeps) {
    this.#deps = deps;
  }

  get held(): Pick<StillPages, 'size' | 'bytes' | 'isFull' | 'nextDueAtMs'> {
    return this.#held;
  }

  add(page: PendingPage, candidates: readonly Candidate[]): void {
    const { clock, policy } = this.#deps;
    const nowMs = clock.steadyNow();
    // To read a page again once more costs more than the early looks are worth.
    const evidence = { ...sharedEvidence(nowMs), earlyLooks: policy.earlyLooks };
    this.#hold(StillPage.of(page, candidates, evidence), policy.delayMs(evidence));
  }

  /** Looks at the page that is due first. Gives the candidates that are to be looked at by themselves now. */
  async lookAtFirst(): Promise<LookedAt> {
    const { first: still } = this.#held;
    if (!still) return NOTHING;
    const { clock, waits, fence } = this.#deps;
    const { mark } = still.evidence;
    const states = await waits.statesOf([still]);
    const isPassed = mark !== undefined && states.get(mark) === 'passed';
    const isTooLate = waits.isTooLong(still.fenced);
    if (still.fenced && !isPassed && !isTooLate) {
      this.#held.letGo(still);
      this.#hold(still, FENCE_POLL_MS);
      return NOTHING;
    }
    const needed = await this.#deps.needed();
    const withLook = (next?: Mark) =>
      addStillLook(still.evidence, { nowMs: clock.steadyNow(), isFenced: isPassed, mark: next });
    const mayEnd = judgeStill(withLook(), clock.steadyNow(), needed) === 'enough';
    const looked = mayEnd || isTooLate ? undefined : await this.#look(still);
    this.#held.letGo(still);
    if (!looked) return { ...NOTHING, ending: waitersOf(still), states };
    const after = still.after({ ...looked, evidence: withLook(await fence?.mark(this.#deps.signal)) });
    this.#holdAgain(after, needed, still.fenced?.sinceMs);
    const moved = still.candidates(looked.moved).map((candidate) => ({
      ...{ candidate, page: still.page, evidence: movedEvidence(still.evidence, candidate.seen) },
    }));
    return { ...NOTHING, moved };
  }

  #look(still: StillPage): ReturnType<typeof lookAtRange> {
    const { plan, readers, signal, limitsOf } = this.#deps;
    return lookAtRange(still, { plan, readers, signal, limits: limitsOf(still.page) });
  }

  #holdAgain(still: StillPage, needed: EvidenceNeeded, waitsSinceMs: number | undefined): void {
    const { evidence } = still;
    const nowMs = this.#deps.clock.steadyNow();
    const judgement = judgeStill(evidence, nowMs, needed);
    if (judgement === 'fence' && evidence.mark) {
      const fenced = { mark: evidence.mark, sinceMs: waitsSinceMs ?? nowMs };
      this.#hold(still.after({ evidence, fenced }), FENCE_POLL_MS);
    } else this.#hold(still, judgement === 'enough' ? 0 : this.#deps.policy.delayMs(evidence));
  }

  #hold(still: StillPage, delayMs: number): void {
    this.#held.hold(still, { nowMs: this.#deps.clock.steadyNow(), delayMs });
  }
}

function waitersOf({ page, evidence, fenced, all, rangeDigests }: StillPage): EndingPage {
  const waiting = (place: number) => {
    const candidate = all.at(place);
    return candidate && { candidate, page, fenced, evidence: stillEvidence(evidence, candidate.seen) };
  };
  return { length: all.length, at: waiting, rangeDigests };
}

/**
 * What every ledger answers to every call in every state, and the next state. `answer → state` moves the run or the
 * shard; an answer alone leaves the state as it is. The conformance suite tries every cell on every ledger, and
 * docs/internals/ledger.md prints the tables. A new state or call does not compile until each of its cells is filled.
 */

/**
 * `paused`, `cancelRequested`: a running run that is asked to rest or to end. A run that is paused or cancelled before
 * it is planned stays where it is, with the mark.
 */
export type RunCondition =
  | ('unknown' | 'accepted' | 'planning' | 'running')
  | ('paused' | 'cancelRequested' | 'settled');

export type RunCall =
  | 'createRun'
  /** The same id with another spec. */
  | 'createOtherRun'
  | 'beginPlanning'
  /** By the planning that began last. */
  | 'addShards'
  | 'inheritShards'
  | 'carryKnown'
  | 'completePlan'
  | 'refusePlan'
  | 'openShards'
  | ShardCall
  | 'requestCancel'
  | 'pause'
  | 'resume'
  | 'settle'
  | 'deleteRun';

/** `struckOut`: a running shard whose attempts used up their strikes. */
export type ShardCondition = 'planned' | 'running' | 'struckOut' | 'done';

/** All but `claim` under the hold that was taken last. */
export type ShardCall = 'claim' | 'commit' | 'finish' | 'split' | 'release';

/** `refused`: the call throws, for its caller has a bug. `nothing`: the call answers false. */
export type Answer =
  | ('created' | 'same' | 'different' | 'begun' | 'opened' | 'none' | 'cancelled' | 'settled')
  | ('paused' | 'resumed')
  | ('claimed' | 'done' | 'exhausted' | 'written' | 'fenced' | 'over')
  | ('deleted' | 'open' | 'unknown' | 'nothing' | 'refused');

export type Transition<Condition extends string> = Answer | `${Answer} → ${Condition}`;

type Transitions<Condition extends string, Call extends string> = Readonly<
  Record<Condition, Readonly<Record<Call, Transition<Condition>>>>
>;

/** In a run that takes no work, every hold ends. */
const OVER = { claim: 'over', commit: 'over', finish: 'over', split: 'over', release: 'over' } as const;

export const RUN_TRANSITIONS: Transitions<RunCondition, RunCall> = {
  unknown: {
    createRun: 'created → accepted',
    createOtherRun: 'created → accepted',
    beginPlanning: 'refused',
    addShards: 'refused',
    inheritShards: 'refused',
    carryKnown: 'refused',
    completePlan: 'fenced',
    refusePlan: 'fenced',
    openShards: 'none',
    ...OVER,
    claim: 'unknown',
    requestCancel: 'nothing',
    pause: 'nothing',
    resume: 'nothing',
    settle: 'nothing',
    deleteRun: 'unknown',
  },
  accepted: {
    createRun: 'same',
    createOtherRun: 'different',
    beginPlanning: 'begun → planning',
    addShards: 'fenced',
    inheritShards: 'fenced',
    carryKnown: 'fenced',
    completePlan: 'fenced',
    refusePlan: 'fenced',
    openShards: 'none',
    ...OVER,
    requestCancel: 'cancelled',
    pause: 'paused',
    resume: 'resumed',
    settle: 'settled → settled',
    deleteRun: 'open',
  },
  planning: {
    createRun: 'same',
    createOtherRun: 'different',
    beginPlanning: 'begun',
    addShards: 'written',
    inheritShards: 'written',
    carryKnown: 'written',
    completePlan: 'written → running',
    refusePlan: 'written → settled',
    openShards: 'none',
    ...OVER,
    requestCancel: 'cancelled',
    pause: 'paused',
    resume: 'resumed',
    settle: 'settled → settled',
    deleteRun: 'open',
  },
  running: {
    createRun: 'same',
    createOtherRun: 'different',
    beginPlanning: 'refused',
    addShards: 'refused',
    inheritShards: 'refused',
    carryKnown: 'refused',
    completePlan: 'over',
    refusePlan: 'over',
    openShards: 'opened',
    claim: 'claimed',
    commit: 'written',
    finish: 'written',
    split: 'written',
    release: 'written',
    requestCancel: 'cancelled → cancelRequested',
    pause: 'paused → paused',
    resume: 'resumed',
    settle: 'settled → settled',
    deleteRun: 'open',
  },
  paused: {
    createRun: 'same',
    createOtherRun: 'different',
    beginPlanning: 'refused',
    addShards: 'refused',
    inheritShards: 'refused',
    carryKnown: 'refused',
    completePlan: 'over',
    refusePlan: 'over',
    openShards: 'none',
    claim: 'paused',
    commit: 'written',
    finish: 'written',
    split: 'written',
    release: 'written',
    requestCancel: 'cancelled → cancelRequested',
    pause: 'paused',
    resume: 'resumed → running',
    settle: 'settled → settled',
    deleteRun: 'open',
  },
  cancelRequested: {
    createRun: 'same',
    createOtherRun: 'different',
    beginPlanning: 'refused',
    addShards: 'refused',
    inheritShards: 'refused',
    carryKnown: 'refused',
    completePlan: 'over',
    refusePlan: 'over',
    openShards: 'none',
    ...OVER,
    requestCancel: 'cancelled',
    pause: 'nothing',
    resume: 'nothing',
    settle: 'settled → settled',
    deleteRun: 'open',
  },
  settled: {
    createRun: 'same',
    createOtherRun: 'different',
    beginPlanning: 'refused',
    addShards: 'refused',
    inheritShards: 'refused',
    carryKnown: 'refused',
    completePlan: 'over',
    refusePlan: 'over',
    openShards: 'none',
    ...OVER,
    requestCancel: 'nothing',
    pause: 'nothing',
    resume: 'nothing',
    settle: 'nothing',
    deleteRun: 'deleted → unknown',
  },
};

/** Of a shard of a running run. */
export const SHARD_TRANSITIONS: Transitions<ShardCondition, ShardCall> = {
  planned: {
    claim: 'claimed → running',
    commit: 'fenced',
    finish: 'fenced',
    split: 'fenced',
    release: 'fenced',
  },
  running: {
    claim: 'claimed',
    commit: 'written',
    finish: 'written → done',
    split: 'written',
    release: 'written → planned',
  },
  struckOut: {
    claim: 'exhausted → done',
    commit: 'written → running',
    finish: 'written → done',
    split: 'written',
    release: 'written → planned',
  },
  done: {
    claim: 'done',
    commit: 'fenced',
    finish: 'fenced',
    split: 'fenced',
    release: 'fenced',
  },
};

/**
 * The tables of a ledger file. Keys, counts, plans and failures are JSON texts: SQLite adds none of them up, and a
 * key keeps every digit and character. The file's header says whose it is (application_id) and how it is laid out.
 */
import { LEDGER_VERSION } from '@rowparity/contracts';

/** "RPTY" in ASCII. */
export const APPLICATION_ID = 0x52505459;

/** Raised with every change of the tables below; it counts from 1 under each LEDGER_VERSION. */
const LAYOUT_VERSION = 8;
/** Both versions in one number: the contracts' records and the tables that hold them. */
export const FILE_VERSION = LEDGER_VERSION * 1000 + LAYOUT_VERSION;

/** What a run has beside its own row: it begins with a plan, and goes with it. */
export const RECORDS_OF_PLAN = 'shards openShards totals known differenceGroups failures plans'.split(' ');

export const SCHEMA = `
CREATE TABLE runs (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  runId TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL,
  state TEXT NOT NULL,
  cancelRequested INTEGER NOT NULL DEFAULT 0,
  pausedAt INTEGER,
  pausedMs INTEGER NOT NULL DEFAULT 0,
  direction TEXT NOT NULL,
  window INTEGER NOT NULL,
  -- Of the complete plan.
  planName TEXT,
  tableCount INTEGER NOT NULL DEFAULT 0,
  shards INTEGER NOT NULL DEFAULT 0,
  -- The first shard that openShards has not looked at.
  cursor INTEGER NOT NULL DEFAULT 0,
  verdict TEXT,
  failure TEXT,
  -- First claim and last commit of a shard.
  comparedFrom INTEGER,
  comparedTo INTEGER,
  createdAt INTEGER NOT NULL,
  plannedAt INTEGER,
  settledAt INTEGER,
  -- Columns outside the header come last, so a reader of the header does not read them.
  -- The first rows that stayed unstable, written with the counts that count them; and tables that were changed at the end.
  unstable TEXT,
  changed TEXT,
  spec TEXT NOT NULL,
  -- Of the order, for the spans of the run.
  traceparent TEXT
) STRICT;

-- Written once when a plan is complete.
CREATE TABLE plans (
  runId TEXT NOT NULL,
  name TEXT NOT NULL,
  plan TEXT NOT NULL,
  PRIMARY KEY (runId, name)
) STRICT;

CREATE TABLE shards (
  runId TEXT NOT NULL,
  shard INTEGER NOT NULL,
  tableIndex INTEGER NOT NULL,
  after TEXT,
  upTo TEXT,
  -- In place of a range, which is open then.
  keys TEXT,
  state TEXT NOT NULL DEFAULT 'planned',
  attempt INTEGER NOT NULL DEFAULT 0,
  -- Attempts since the last commit that neither committed nor released.
  strikes INTEGER NOT NULL DEFAULT 0,
  -- Writes under the holds on this shard; the last one's number is what the next one builds on.
  writes INTEGER NOT NULL DEFAULT 0,
  holder TEXT,
  checkpoint TEXT,
  counts TEXT NOT NULL DEFAULT '{}',
  outcome TEXT,
  failure TEXT,
  claimedAt INTEGER,
  committedAt INTEGER,
  finishedAt INTEGER,
  -- The run in which it was compared; NULL: in its own.
  inheritedFrom TEXT,
  -- What the attempt has read and not committed.
  pendingRows INTEGER NOT NULL DEFAULT 0,
  pendingCandidates INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (runId, shard)
) STRICT, WITHOUT ROWID;

-- Shards that were taken from the plan and are not done.
CREATE TABLE openShards (
  runId TEXT NOT NULL,
  shard INTEGER NOT NULL,
  PRIMARY KEY (runId, shard)
) STRICT, WITHOUT ROWID;

-- One row a table pair, and one (tableIndex -1) of all together, kept by the commits themselves.
CREATE TABLE totals (
  runId TEXT NOT NULL,
  tableIndex INTEGER NOT NULL,
  shards INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  match INTEGER NOT NULL DEFAULT 0,
  differs INTEGER NOT NULL DEFAULT 0,
  inconclusive INTEGER NOT NULL DEFAULT 0,
  pendingRows INTEGER NOT NULL DEFAULT 0,
  pendingCandidates INTEGER NOT NULL DEFAULT 0,
  -- Known differences that are kept and not resolved, and those that are only counted.
  kept INTEGER NOT NULL DEFAULT 0,
  beyond INTEGER NOT NULL DEFAULT 0,
  counts TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (runId, tableIndex)
) STRICT, WITHOUT ROWID;

-- Confirmed differences, written with the counts that count them. The columns that are not asked for stand in the JSON.
CREATE TABLE known (
  runId TEXT NOT NULL,
  tableIndex INTEGER NOT NULL,
  rowId TEXT NOT NULL,
  state TEXT NOT NULL,
  rest TEXT NOT NULL,
  PRIMARY KEY (runId, tableIndex, rowId)
) STRICT, WITHOUT ROWID;

-- Confirmed differences by the way in which they differ. Without a content: what fits into no group.
CREATE TABLE differenceGroups (
  runId TEXT NOT NULL,
  tableIndex INTEGER NOT NULL,
  name TEXT NOT NULL,
  rows INTEGER NOT NULL,
  content TEXT,
  PRIMARY KEY (runId, tableIndex, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE watches (
  watchId TEXT PRIMARY KEY,
  spec TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'active',
  generation INTEGER NOT NULL DEFAULT 0,
  follows TEXT,
  createdAt INTEGER NOT NULL,
  beganAt INTEGER,
  stoppedAt INTEGER
) STRICT, WITHOUT ROWID;

-- In the order in which they happened; at most one a shard.
CREATE TABLE failures (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  runId TEXT NOT NULL,
  shard INTEGER NOT NULL,
  tableIndex INTEGER NOT NULL,
  failure TEXT NOT NULL
) STRICT;
CREATE INDEX failuresByRun ON failures (runId, place);
`;

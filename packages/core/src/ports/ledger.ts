import type { LedgerReadings } from './ledger/ledgerReadings.ts';
import type { PlanStore } from './ledger/planStore.ts';
import type { RunStore } from './ledger/runStore.ts';
import type { ShardHolds } from './ledger/shardHolds.ts';
import type { WatchStore } from './ledger/watchStore.ts';

export type * from './ledger/ledgerReadings.ts';
export type * from './ledger/migrationStore.ts';
export type * from './ledger/planStore.ts';
export type * from './ledger/runStore.ts';
export type * from './ledger/shardHolds.ts';
export type * from './ledger/watchStore.ts';
export type * from './ledger/webhookStore.ts';

export type Ledger = RunStore & PlanStore & ShardHolds & LedgerReadings & WatchStore;

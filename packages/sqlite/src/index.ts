/** The ledger of one process; the only importer of node:sqlite. This page names what others may use. */

export { type OpenLedger, openSqliteLedger } from './openSqliteLedger.ts';
export { planInMemory } from './planInMemory.ts';

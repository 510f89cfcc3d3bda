/** The ledger of one process; the only importer of node:sqlite. This page only gathers what others may use. */
export { LedgerFault, type LedgerProblem } from './ledgerFault.ts';
export { type OpenLedger, openSqliteLedger, type SqliteLedgerOptions } from './openSqliteLedger.ts';

/**
 * Describes for the user what is wrong with a ledger file. Before the ledger is open, a fault is one of configuration:
 * the user repairs the file or names another. Once it is open, a fault is permanent: the run stands at its last commit
 * and can be continued after the file is repaired.
 */
import { Fault } from '@rowparity/contracts';

export type LedgerProblem =
  | 'full'
  | 'readOnly'
  | 'inUse'
  | 'cannotOpen'
  | 'notALedger'
  | 'otherVersion'
  | 'damaged'
  | 'unwritable';

export class LedgerFault extends Fault {
  readonly problem: LedgerProblem;
  readonly path: string;

  constructor(
    problem: LedgerProblem,
    file: { readonly path: string; readonly isOpen: boolean; readonly found: string },
    cause?: unknown,
  ) {
    const message = `The ledger ${file.path}: ${file.found}. ${whatToDo(problem, file.isOpen)}`;
    super(
      file.isOpen ? 'permanent' : 'configuration',
      { code: 'LEDGER_UNUSABLE', message },
      { cause, place: 'ledger' },
    );
    this.problem = problem;
    this.path = file.path;
  }
}

function whatToDo(problem: LedgerProblem, isOpen: boolean): string {
  const after = isOpen ? ', then continue the run: it stands at its last commit' : ', or name another file';
  switch (problem) {
    case 'full':
      return `Free some space${after}.`;
    case 'readOnly':
      return `Make the file and its folder writable${after}.`;
    case 'inUse':
      return 'One process holds a ledger at a time: wait for it, stop it, or name another file.';
    case 'cannotOpen':
      return 'Its folder must exist and be writable; or name another file.';
    case 'notALedger':
      return 'It is left as it is; name another file.';
    case 'otherVersion':
      return 'It is left as it is: end its run with the version that began it, or name another file.';
    case 'damaged':
      return 'Its runs cannot be trusted: start a new run in another file.';
    case 'unwritable':
      return `Look at the disk${after}.`;
  }
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const BY_CODE: Readonly<Record<number, readonly [LedgerProblem, string]>> = {
  5: ['inUse', 'another process is using it'], // SQLITE_BUSY
  6: ['inUse', 'another process is using it'], // SQLITE_LOCKED
  8: ['readOnly', 'it cannot be written, only read'], // SQLITE_READONLY
  10: ['unwritable', 'reading or writing the file failed'], // SQLITE_IOERR
  11: ['damaged', 'the file is damaged'], // SQLITE_CORRUPT
  13: ['full', 'the disk is full'], // SQLITE_FULL
  14: ['cannotOpen', 'the file cannot be opened or made'], // SQLITE_CANTOPEN
  26: ['notALedger', 'expected a ledger of Rowparity, found a file that is no SQLite database'], // SQLITE_NOTADB
};
const PRIMARY_CODE_MASK = 0xff;

/** Every error inside the ledger as a fault of the ledger: it must not pass for a fault of the databases. */
export function ledgerFault(
  error: unknown,
  file: { readonly path: string; readonly isOpen: boolean },
): Fault {
  if (error instanceof Fault) return error;
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  if (code !== 'ERR_SQLITE_ERROR' || typeof errcode !== 'number') return unexpected(error, file.path);
  const [problem, found] = BY_CODE[errcode & PRIMARY_CODE_MASK] ?? [];
  if (problem && found) return new LedgerFault(problem, { ...file, found }, error);
  const message = `The ledger ${file.path}: SQLite refused a statement of Rowparity (code ${errcode}). This is a bug of Rowparity.`;
  return new Fault('invariant', { code: 'INTERNAL', message }, { cause: error, place: 'ledger' });
}

function unexpected(cause: unknown, path: string): Fault {
  const name = cause instanceof Error ? cause.name : typeof cause;
  const message = `The ledger ${path}: unexpected ${name}. The file is damaged, or this is a bug of Rowparity.`;
  return new Fault('invariant', { code: 'INTERNAL', message }, { cause, place: 'ledger' });
}

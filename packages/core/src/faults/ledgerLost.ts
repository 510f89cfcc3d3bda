/** Marks a fault as the ledger's, so that it is never treated as a fault of the databases. */

export class LedgerLost extends Error {
  override readonly name = 'LedgerLost';
}

export async function asLedgerLost<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new LedgerLost('The ledger could not be written.', { cause });
  }
}

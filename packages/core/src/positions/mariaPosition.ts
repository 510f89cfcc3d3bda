/**
 * MariaDB's position: of each domain the last transaction, as `domain-server-sequence`.
 * https://mariadb.com/kb/en/gtid/
 */

export interface MariaTransaction {
  /** Id of the server that made it. */
  readonly origin: string;
  readonly sequence: bigint;
}

const TRANSACTION = /^(\d+)-(\d+)-(\d+)$/;

/** By domain; undefined for what is no such position. */
export function readMariaPosition(text: string): ReadonlyMap<string, MariaTransaction> | undefined {
  const position = new Map<string, MariaTransaction>();
  for (const part of text.replace(/\s/g, '').split(',')) {
    if (part === '') continue;
    const [, domain, origin, sequence] = TRANSACTION.exec(part) ?? [];
    if (domain === undefined || origin === undefined || sequence === undefined) return undefined;
    position.set(domain, { origin, sequence: BigInt(sequence) });
  }
  return position;
}

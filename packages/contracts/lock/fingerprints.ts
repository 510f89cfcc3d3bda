/** A short text for each contract that changes whenever its schema does. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CONTRACTS } from '../src/contractVersions.ts';

export interface LockedContract {
  readonly version: number;
  readonly fingerprint: string;
}

export type ContractLock = Readonly<Record<string, LockedContract>>;

export function currentLock(): ContractLock {
  return Object.fromEntries(
    Object.entries(CONTRACTS).map(([name, { version, schema }]) => [
      name,
      { version, fingerprint: fingerprint(schema) },
    ]),
  );
}

/** Of the JSON Schema for writers of the message: it says which fields are optional and what is refused. */
function fingerprint(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 16);
}

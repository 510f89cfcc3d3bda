/** A short text for each contract that changes whenever its schema does. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CONTRACTS } from '../src/contractVersions.ts';
import { HTTP_API_VERSION } from '../src/httpRoute.ts';
import { HTTP_DOCUMENTS } from '../src/httpServices.ts';

export interface LockedContract {
  readonly version: number;
  readonly fingerprint: string;
}

export type ContractLock = Readonly<Record<string, LockedContract>>;

export function currentLock(): ContractLock {
  const messages = Object.entries(CONTRACTS).map(([name, { version, schema }]) => {
    // For writers of the message: it says which fields are optional and what is refused.
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    return [name, { version, fingerprint: fingerprint(json) }] as const;
  });
  const services = Object.entries(HTTP_DOCUMENTS).map(([service, document]) => {
    return [`http ${service}`, { version: HTTP_API_VERSION, fingerprint: fingerprint(document()) }] as const;
  });
  return Object.fromEntries([...messages, ...services]);
}

function fingerprint(json: object): string {
  return createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 16);
}

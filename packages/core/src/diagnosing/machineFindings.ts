/** Whether this machine can keep the state of a run. */
import type { Finding } from '@rowparity/contracts';
import type { MachineFacts } from './facts.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** A ledger of a thousand shards has a megabyte; events of a million differences have a few hundred. */
const TOO_LITTLE_BYTES = 16 * MIB;
const LITTLE_BYTES = GIB;

export function machineFindings({ folder, writeError, freeBytes }: MachineFacts): Finding[] {
  const state: Finding =
    writeError === null
      ? {
          subject: 'machine',
          check: 'state',
          level: 'ok',
          message: `the state of runs can be kept in ${folder}`,
        }
      : {
          ...{ subject: 'machine', check: 'state', level: 'error' },
          message: `the state of runs cannot be kept in ${folder} (${writeError})`,
          remedy: 'Name a file in another folder with --ledger, or work in another folder.',
        };
  return [state, diskFinding(folder, freeBytes)];
}

function diskFinding(folder: string, freeBytes: number): Finding {
  const message = `${sizeText(freeBytes)} are free where ${folder} is`;
  const common = { subject: 'machine', check: 'disk' } as const;
  if (freeBytes >= LITTLE_BYTES) return { ...common, level: 'ok', message };
  return {
    ...common,
    level: freeBytes < TOO_LITTLE_BYTES ? 'error' : 'warning',
    message: `${message}: a run with many differences could fill it, and would stop`,
    remedy: 'Free some space, or name files on another disk with --ledger and --events.',
  };
}

function sizeText(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(0)} GiB` : `${(bytes / MIB).toFixed(0)} MiB`;
}

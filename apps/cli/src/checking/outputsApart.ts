/**
 * Refuses options that name one file twice: the later output would be written over the earlier one, or over the
 * ledger.
 */
import { STANDARD_OUTPUT } from '../output/standardOutput.ts';
import { targetOf } from '../output/targetOf.ts';
import { UsageError } from '../usage/usageError.ts';

export async function expectApart(places: Readonly<Record<string, string | undefined>>): Promise<void> {
  const taken = new Map<string, string>();
  for (const [flag, place] of Object.entries(places)) {
    const file = place && (await fileOf(place));
    if (!file) continue;
    const other = taken.get(file);
    if (other) throw new UsageError(`${other} and ${flag} name the same file, ${place}: name another one.`);
    taken.set(file, flag);
  }
}

/** Devices and pipes take several outputs. */
async function fileOf(place: string): Promise<string | undefined> {
  if (place === STANDARD_OUTPUT) return undefined;
  const target = await targetOf(place).catch(() => undefined);
  return target && target.kind !== 'through' ? target.path : undefined;
}

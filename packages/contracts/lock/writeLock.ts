/**
 * Writes contracts.lock.json. Refuses a schema that changed under its old version: raise the version first, so that
 * readers of the old version can detect the change.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { type ContractLock, currentLock } from './fingerprints.ts';

const file = new URL('../contracts.lock.json', import.meta.url);
const locked = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as ContractLock;
const current = currentLock();
const unversioned = Object.entries(current).filter(([name, { version, fingerprint }]) => {
  const before = locked[name];
  return before?.version === version && before.fingerprint !== fingerprint;
});
if (unversioned.length > 0) {
  const names = unversioned.map(([name]) => name).join(', ');
  process.stderr.write(
    `Changed without a new version: ${names}. Raise the version beside the schema, then run this again.\n`,
  );
  process.exit(1);
}
await writeFile(file, `${JSON.stringify(current, null, 2)}\n`);
process.stdout.write(`${Object.keys(current).length} contracts locked\n`);

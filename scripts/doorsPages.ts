// `npm run docs:doors`: writes the doors of each workspace into its README.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACES, withDoors } from './docs/doorsText.ts';
import { ROOT, readPage } from './docs/pages.ts';

for (const workspace of WORKSPACES) {
  const path = `${workspace}/README.md`;
  writeFileSync(join(ROOT, path), withDoors(readPage(path), workspace));
}

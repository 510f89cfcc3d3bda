// `npm run docs:schemas`: writes docs/schemas.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './docs/pages.ts';
import { schemaTexts } from './docs/schemaTexts.ts';

mkdirSync(join(ROOT, 'docs', 'schemas'), { recursive: true });
for (const [path, text] of schemaTexts()) writeFileSync(join(ROOT, path), text);

// `npm run docs:configuration`: writes docs/configuration.md.

import { writeFileSync } from 'node:fs';
import { configurationText } from './docs/configurationText.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationText());

// `npm run docs:metrics`: writes docs/metrics.md.

import { writeFileSync } from 'node:fs';
import { metricsText } from './docs/metricsText.ts';

writeFileSync(new URL('../docs/metrics.md', import.meta.url), metricsText());

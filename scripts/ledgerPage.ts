// `npm run docs:ledger`: writes docs/internals/ledger.md.

import { writeFileSync } from 'node:fs';
import { ledgerText } from './docs/ledgerText.ts';

writeFileSync(new URL('../docs/internals/ledger.md', import.meta.url), ledgerText());

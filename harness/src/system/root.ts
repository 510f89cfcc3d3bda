// Where the repository is, and the folder in it for what runs leave behind (never committed).

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const LEFTOVERS = join(ROOT, '.rowparity');

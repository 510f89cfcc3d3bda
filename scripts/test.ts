// `npm test`: every vitest project, or those that the arguments name (`npm test -- --project unit`). Its last line is
// `N passed, N failed, N skipped`, alone. Not green when nothing ran, a file did not load, or vitest itself failed.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COUNTS_FILE_VARIABLE, type TestCounts } from './countsReporter.ts';

const NOTHING: TestCounts = { passed: 0, failed: 0, skipped: 0 };

const folder = mkdtempSync(join(tmpdir(), 'rowparity-test-'));
const countsFile = join(folder, 'counts.json');
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=./scripts/countsReporter.ts',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, [COUNTS_FILE_VARIABLE]: countsFile } },
);
const counts = readCounts();
rmSync(folder, { recursive: true, force: true });
const isGreen = status === 0 && counts.failed === 0 && counts.passed > 0;
process.exitCode = isGreen ? 0 : status || 1;
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);

function readCounts(): TestCounts {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8')) as TestCounts;
  } catch {
    console.error('vitest ended without a result.');
    return NOTHING;
  }
}

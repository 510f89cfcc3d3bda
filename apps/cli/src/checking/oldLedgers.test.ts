import { mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSpec } from '@rowparity/contracts';
import { openSqliteLedger } from '@rowparity/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeOldLedgers } from './oldLedgers.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 10, 22);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowparity-ledgers-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Left {
  /** Null for a run that was not settled. */
  readonly settledDaysAgo: number | null;
  readonly writtenDaysAgo: number;
}

async function leave(name: string, { settledDaysAgo, writtenDaysAgo }: Left): Promise<void> {
  const path = join(folder, name);
  const ledger = openSqliteLedger({ path });
  const spec = { version: 1, runId: 'run', source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), NOW - 90 * DAY_MS);
  if (settledDaysAgo !== null) {
    await ledger.settle('run', {
      verdict: 'inconclusive',
      failure: null,
      now: NOW - settledDaysAgo * DAY_MS,
    });
  }
  await ledger.close();
  await age(path, writtenDaysAgo);
}

async function age(path: string, daysAgo: number): Promise<void> {
  const time = new Date(NOW - daysAgo * DAY_MS);
  await utimes(path, time, time);
}

function tidy(inUse = join(folder, 'now.sqlite')): Promise<number> {
  return removeOldLedgers({ folder, inUse, now: NOW });
}

it('ledgers of runs that were settled more than 30 days ago go, all others stay', async () => {
  await leave('old.sqlite', { settledDaysAgo: 31, writtenDaysAgo: 31 });
  await leave('young.sqlite', { settledDaysAgo: 29, writtenDaysAgo: 29 });
  await leave('interrupted.sqlite', { settledDaysAgo: null, writtenDaysAgo: 80 });
  await leave('copied-back.sqlite', { settledDaysAgo: 2, writtenDaysAgo: 80 });
  expect(await tidy()).toBe(1);
  expect((await readdir(folder)).sort()).toEqual([
    'copied-back.sqlite',
    'interrupted.sqlite',
    'young.sqlite',
  ]);
});

it('the ledger in use stays, and so does one in the hands of another process', async () => {
  const old = { settledDaysAgo: 40, writtenDaysAgo: 40 };
  await leave('mine.sqlite', old);
  await leave('held.sqlite', old);
  const held = openSqliteLedger({ path: join(folder, 'held.sqlite') });
  await age(join(folder, 'held.sqlite'), 40);
  expect(await tidy(join(folder, '.', 'mine.sqlite'))).toBe(0);
  await held.close();
});

it('what is no ledger stays as it is', async () => {
  for (const name of ['notes.txt', 'other.sqlite']) {
    await writeFile(join(folder, name), 'something else');
    await age(join(folder, name), 400);
  }
  expect(await tidy()).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(['notes.txt', 'other.sqlite']);
});

it('a link and an empty file stay, and nothing is made of them', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'rowparity-elsewhere-'));
  await leave('real.sqlite', { settledDaysAgo: 40, writtenDaysAgo: 40 });
  await rename(join(folder, 'real.sqlite'), join(elsewhere, 'real.sqlite'));
  await symlink(join(elsewhere, 'real.sqlite'), join(folder, 'link.sqlite'));
  await writeFile(join(folder, 'empty.sqlite'), '');
  await age(join(folder, 'empty.sqlite'), 400);
  expect(await tidy()).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(['empty.sqlite', 'link.sqlite']);
  expect(await readFile(join(folder, 'empty.sqlite'), 'utf8')).toBe('');
  expect(await readdir(elsewhere)).toEqual(['real.sqlite']);
  await rm(elsewhere, { recursive: true });
});

it('a folder that is not there is no trouble', async () => {
  expect(await removeOldLedgers({ folder: join(folder, 'none'), inUse: 'x', now: NOW })).toBe(0);
});

/**
 * `check` on a terminal, as a person sees it: a few tables, hundreds and thousands, on narrow and wide screens. What is
 * drawn over leaves nothing behind, and the end stands there whole.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type SqlAddress, uniqueName } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabase } from '@rowparity/testkit/vitest';
import { describe, expect, test } from 'vitest';
import { whyNoTerminal } from '../testing/pseudoTerminal.ts';
import { terminalScreen } from '../testing/terminalScreen.ts';
import { type TestCli, testCli } from '../testing/testCli.ts';

const ROWS = 40;
const ROW_SCREEN = 24;
const FILL_MS = 600_000;
/** The first line of a picture's step. */
const STEP = /^(planning|comparing|settling|settled|looking at the schemas again) [█░]/;

interface Places {
  readonly source: FreshDatabase;
  readonly destination: FreshDatabase;
}

/** Tables of which two differ: t1 in a row, t2 in every row. */
async function fill(server: SqlAddress & { readonly name: string }, tables: number, value: number) {
  const connection = await connect(server, server.name);
  for (let i = 0; i < tables; i += 1) {
    await connection.query(`CREATE TABLE \`表t${i}\` (id INT PRIMARY KEY, v INT)`);
    const rows = Array.from({ length: ROWS }, (_, id) => {
      const isDifferent = (i === 1 && id === 7) || i === 2;
      return [id, isDifferent ? value : 0];
    });
    await connection.query(`INSERT INTO \`表t${i}\` VALUES ?`, [rows]);
  }
  await connection.end();
}

async function placesWith(tables: number): Promise<Places> {
  const name = uniqueName('screen');
  const places = {
    source: await freshDatabase('source', name),
    destination: await freshDatabase('destination', name),
  };
  await Promise.all(
    Object.values(places).map((place, i) => fill({ ...place.server, name: place.name }, tables, i + 1)),
  );
  return places;
}

async function onTerminal(cli: TestCli, { source, destination }: Places, columns: number) {
  const session = terminalScreen(['check', '--tables', '*', '--recheck-delays', '1500'], {
    cwd: cli.folder,
    env: { ROWPARITY_CONNECTION_SOURCE: source.url, ROWPARITY_CONNECTION_DESTINATION: destination.url },
    size: { columns, rows: ROW_SCREEN },
  });
  const screens: (readonly string[])[] = [];
  let isOver = false;
  const ended = session.end.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    screens.push(await session.screen());
    await Promise.race([ended, session.drawn()]);
  }
  return { ...(await ended), screens };
}

describe.skipIf(whyNoTerminal !== undefined)(`on a terminal ${whyNoTerminal ?? ''}`, () => {
  test.each([
    [3, [60, 120, 200]],
    [300, [60, 120, 200]],
    [3000, [60]],
  ])(
    '%i tables, screens of %o columns',
    async (tables, widths) => {
      const places = await placesWith(tables);
      try {
        for (const columns of widths) {
          await using cli = await testCli({});
          const { code, lines, screens } = await onTerminal(cli, places, columns);
          expect(code, lines.join('\n')).toBe(1);
          const steps = screens.map((screen) => screen.filter((line) => STEP.test(line)));
          // The step was seen, never twice at a time, and nothing of it is left.
          expect(Math.max(...steps.map(({ length }) => length))).toBe(1);
          expect(lines.filter((line) => STEP.test(line))).toEqual([]);
          expect(lines.filter((line) => line.includes('tables match'))).toHaveLength(tables > 20 ? 1 : 0);
          expect(endOf(lines, columns)).toContain(
            `✗ Inconsistent: ${ROWS + 1} rows differ in 2 tables; everything else that was compared is equal.`,
          );
          // A line a row, until the screen is full of them; all are in the file that the end names.
          expect(lines.filter((line) => line.startsWith('✗ 表t'))).toHaveLength(20);
          const [file = ''] = /\.rowparity\/\S+\.events\.ndjson/.exec(endOf(lines, columns)) ?? [];
          const events = await readFile(join(cli.folder, file), 'utf8');
          expect(events.trim().split('\n')).toHaveLength(ROWS + 1);
          expect(lines.join('\n')).not.toContain('"EventID"');
        }
      } finally {
        await places.source.drop();
        await places.destination.drop();
      }
    },
    FILL_MS,
  );
});

/** Lines that the terminal broke are put together again. */
function endOf(lines: readonly string[], columns: number): string {
  return lines.map((line) => (line.length >= columns - 1 ? line : `${line}\n`)).join('');
}

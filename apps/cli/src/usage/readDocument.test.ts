import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocument } from './readDocument.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowparity-document-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string): Promise<unknown> {
  const file = join(folder, 'run');
  await writeFile(file, text);
  return readDocument(file);
}

it.each([
  ['JSON', '{"version": 1, "$schema": "x", "tables": [{"name": "a"}]}'],
  ['YAML', '# a comment\n$schema: x\nversion: 1\ntables:\n  - name: a\n'],
])('%s gives the same document, without what is for editors', async (_form, text) => {
  expect(await read(text)).toEqual({ version: 1, tables: [{ name: 'a' }] });
});

it.each([
  ['{"version": 1', 'expected JSON or YAML'],
  ['a: [1', 'expected JSON or YAML'],
  ['', 'found nothing'],
  ['- 1', 'expected an object'],
  ['only words', 'found string'],
])('%j is refused: %s', async (text, words) => {
  await expect(read(text)).rejects.toThrow(words);
});

it('a file that is not there is named', async () => {
  await expect(readDocument(join(folder, 'none'))).rejects.toThrow(/cannot read .*none/);
});

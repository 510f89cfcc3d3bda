import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { HTTP_DOCUMENTS } from '@rowparity/contracts';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, '.generated-'));
  for (const [service, document] of Object.entries(HTTP_DOCUMENTS)) {
    // A field with a default may be left out by a writer.
    const nodes = await openapiTS(JSON.stringify(document()), { defaultNonNullable: false });
    await writeFile(join(folder, `${service}.ts`), astToString(nodes));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CONSUMER = `
import type { paths } from './coordinator.ts';
import type { paths as reported } from './reporter.ts';
type Submit = paths['/v1/runs']['post'];
export const spec: Submit['requestBody']['content']['application/json'] = {
  version: 1, runId: 'r-1', source: 'old', destination: 'new', direction: 'SRC', tables: [{ name: 'orders' }],
};
type Run = Submit['responses'][202]['content']['application/json'];
export const isSettled = ({ state, verdict }: Run) => state === 'settled' && verdict !== null;
type Refusal = Submit['responses'][409]['content']['application/json'];
export const isTaken = ({ error }: Refusal) => error === 'run_exists';
type Report = reported['/v1/runs/{id}/report']['get']['responses'][200]['content']['application/json'];
export const neq = (report: Report): number => report.counts.neq + report.tables.length;
export const id: reported['/v1/runs/{id}/report']['get']['parameters']['path'] = { id: 'r-1' };
`;

/** What the compiler says; nothing when it is content. */
async function compile(name: string, text: string): Promise<string> {
  await writeFile(join(folder, `${name}.ts`), text);
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const flags = [
    '--noEmit',
    '--strict',
    '--allowImportingTsExtensions',
    '--module',
    'nodenext',
    '--skipLibCheck',
  ];
  return promisify(execFile)(process.execPath, [tsc, ...flags, join(folder, `${name}.ts`)]).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
}

it('a client generated from the OpenAPI documents compiles, and knows spec, run, refusals and report', async () => {
  expect(await compile('consumer', CONSUMER)).toBe('');
});

it.each([
  ['a field that a spec does not have', "tables: [{ name: 'orders' }]", "tables: [{ nmae: 'orders' }]"],
  ['a refusal that the route does not have', "'run_exists'", "'run_open'"],
  ['a state that a run does not have', "'settled'", "'done'"],
])('it refuses %s', async (_what, right, wrong) => {
  expect(CONSUMER).toContain(right);
  expect(await compile('mistaken', CONSUMER.replace(right, wrong))).toMatch(/error TS/);
});

/** What breaks the rules of OpenAPI 3.1. */
async function problemsOf(document: string) {
  const rules = {
    struct: 'error',
    'no-unresolved-refs': 'error',
    'path-parameters-defined': 'error',
  } as const;
  const config = await createConfig({ rules });
  const found = await lintFromString({ source: document, config, absoluteRef: join(folder, 'openapi.json') });
  return found.map(({ message }) => message);
}

it.each(Object.entries(HTTP_DOCUMENTS))(
  'the document of the %s is valid OpenAPI 3.1',
  async (_service, document) => {
    expect(await problemsOf(JSON.stringify(document()))).toEqual([]);
  },
);

it.each([
  ['"responses"', '"answers"'],
  ['"in":"path"', '"in":"paht"'],
  ['#/components/schemas/Run"', '#/components/schemas/Rum"'],
])('a document with %s as %s is not', async (right, wrong) => {
  const text = JSON.stringify(HTTP_DOCUMENTS.coordinator());
  expect(text).toContain(right);
  expect(await problemsOf(text.replace(right, wrong))).not.toEqual([]);
});

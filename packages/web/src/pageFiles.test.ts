import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readPageFiles } from './pageFiles.ts';

const KILOBYTES_MAX = 100;

const files = readPageFiles();
const html = Buffer.from(files.document.bytes).toString();
const build = /\/assets\/([0-9a-f]{16})\/main\.ts/.exec(html)?.[1] ?? '';
const textOf = (name: string) => Buffer.from(files.file(name, build)?.bytes ?? []).toString();

it('the document names files that are there, and nothing of another origin', () => {
  const addresses = [...html.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map(([, address = '']) => address);
  expect(addresses.length).toBeGreaterThan(3);
  for (const address of addresses) {
    const [, assets, ofBuild, name = ''] = address.split('/');
    expect([assets, ofBuild]).toEqual(['assets', build]);
    expect(files.names).toContain(name);
  }
});

it('there is no script and no style within the document, and its policy allows none', () => {
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=/);
  const policy = files.document.headers['content-security-policy'];
  expect(policy).toMatch(/^default-src 'none'/);
  expect(policy).not.toMatch(/unsafe|\*|data:|https?:/);
});

it('every import of every module is a file of the page', () => {
  for (const name of files.names.filter((one) => /\.(?:ts|js)$/.test(one))) {
    const imported = [...textOf(name).matchAll(/^(?:import|export)\b[^;'"]*\bfrom\s*['"]([^'"]+)/gm)].map(
      ([, from]) => from,
    );
    for (const specifier of imported) expect(files.names).toContain(specifier?.replace(/^\.\//, ''));
  }
});

it('modules have no types left, and tests are not among them', () => {
  expect(textOf('answer.ts')).toMatch(/^export function answerOf\(report\s*, gate\s*, now\s*\)/m);
  expect(files.names.filter((name) => name.includes('.test.') || name === 'report.ts')).toEqual([]);
});

it(`everything together is at most ${KILOBYTES_MAX} kB on the wire`, () => {
  const all = [files.document, ...files.names.map((name) => files.file(name, build))];
  const bytes = all.reduce((sum, file) => sum + (file?.gzipped.length ?? 0), 0);
  expect(bytes).toBeLessThan(KILOBYTES_MAX * 1000);
  for (const file of all) if (file) expect(gunzipSync(file.gzipped)).toEqual(Buffer.from(file.bytes));
});

it('a file of this build is kept for ever, one of another build is not kept', () => {
  expect(files.file('main.ts', build)?.headers['cache-control']).toContain('immutable');
  expect(files.file('main.ts', 'older')?.headers['cache-control']).toBe('no-store');
  expect(files.file('../index.ts', build)).toBeUndefined();
});

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { WORKSPACES, withDoors } from './doorsText.ts';
import { listFiles, ROOT, readPage } from './pages.ts';

const ADR_SECTIONS = ['Context', 'Options', 'Decision', 'Consequences', 'What would change our mind'];
const README_SECTIONS = ['Doors', 'What it must not do', 'Test it alone'];
const ADRS = listFiles('docs/adr/[0-9]*.md');
const PLACES = '{.github,apps,bench,deploy,docs,e2e,harness,packages,scripts}';
const FILES = listFiles(`${PLACES}/**/*.{ts,mjs,lua,md,json,yaml,tpl}`, '*.{ts,md,json}').filter(
  (path) => !path.includes('node_modules'),
);

function sectionsOf(page: string): readonly string[] {
  return [...readPage(page).matchAll(/^## (.+)$/gm)].map(([, section = '']) => section);
}

/** What stands between backticks. */
function quotedIn(page: string): readonly string[] {
  const text = readPage(page).replace(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, quoted = '']) => quoted);
}

test.each(WORKSPACES)('%s has a README with its doors, as the tables of the house have them', (workspace) => {
  // Otherwise: npm run docs:doors
  const readme = readPage(`${workspace}/README.md`);
  expect(readme).toBe(withDoors(readme, workspace));
  expect(sectionsOf(`${workspace}/README.md`)).toEqual(expect.arrayContaining(README_SECTIONS));
});

test('doors that the tables do not have are replaced, and nothing else is', () => {
  const stale = '# core\n\n<!-- doors -->\nan old door\n<!-- /doors -->\n\nThe end.\n';
  const fresh = withDoors(stale, 'packages/core');
  expect(fresh).not.toContain('an old door');
  expect(fresh).toMatch(/^# core\n[\s\S]*`@rowparity\/core`[\s\S]*\n\nThe end\.\n$/);
});

test.each(ADRS)('%s has the sections of a decision, a number and a day', (page) => {
  expect(sectionsOf(page)).toEqual(ADR_SECTIONS);
  const [title = '', , dated = ''] = readPage(page).split('\n');
  expect(title).toMatch(new RegExp(`^# ${basename(page).slice(0, 4)}\\. \\S`));
  expect(dated).toMatch(
    basename(page).startsWith('0000') ? /^Date: YYYY/ : /^Date: 20\d\d-\d\d-\d\d · Status: \S/,
  );
});

test('the list of decisions has each of them, with its title, and no number twice', () => {
  const listed = [...readPage('docs/adr/README.md').matchAll(/^\| (\d{4}) \| \[(.+)\]\((.+?)\) +\|$/gm)];
  const titled = ADRS.filter((page) => !page.includes('/0000')).map((page) => {
    const [, number, title] = /^# (\d{4})\. (.+)$/m.exec(readPage(page)) ?? [];
    return [number, title, basename(page)];
  });
  expect(listed.map(([, ...cells]) => cells)).toEqual(titled);
  expect(new Set(titled.map(([number]) => number)).size).toBe(titled.length);
});

test('every file and folder that a recipe of CONTRIBUTING names is there', () => {
  const paths = quotedIn('CONTRIBUTING.md').filter((quoted) => /^[\w.-]+(?:\/[\w.*-]+)+$/.test(quoted));
  expect(paths.length).toBeGreaterThan(60);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

const NAMING = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'RELEASE.md', ...listFiles('docs/internals/*.md')];

test.each([...NAMING, ...WORKSPACES.map((workspace) => `${workspace}/README.md`)])(
  'every file that %s names is somewhere in the repository',
  (page) => {
    const names = quotedIn(page).filter((quoted) => /^\w[\w./-]*\.(?:ts|mjs|lua)$/.test(quoted));
    const missing = names.filter((name) => {
      const path = name.replace(/^core\//, 'packages/core/src/');
      return !FILES.some((file) => file === path || file.endsWith(`/${path}`));
    });
    expect(missing).toEqual([]);
  },
);

test('every script that a page tells to run is there', () => {
  const { scripts } = JSON.parse(readPage('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const pages = ['README.md', ...NAMING];
  const told = pages.flatMap((page) =>
    [...readPage(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name),
  );
  expect(told.length).toBeGreaterThan(10);
  expect([...new Set(told)].filter((name) => !(name in scripts))).toEqual([]);
});

const FORMS = listFiles('.github/ISSUE_TEMPLATE/!(config).yml');

test('there is a form for a bug, a wrong verdict and a feature', () => {
  expect(FORMS.map((path) => basename(path, '.yml'))).toEqual(['bug', 'feature', 'wrong-verdict']);
});

test.each(FORMS)('%s is a form of GitHub: a name, a description, and fields with one id each', (path) => {
  const form = parse(readPage(path)) as {
    readonly name?: string;
    readonly description?: string;
    readonly body: readonly { readonly type: string; readonly id?: string; readonly attributes: object }[];
  };
  expect([form.name, form.description]).toEqual([expect.any(String), expect.any(String)]);
  const fields = form.body.filter(({ type }) => type !== 'markdown');
  expect(fields.every(({ attributes }) => 'label' in attributes)).toBe(true);
  expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
});

test('the form for a wrong verdict asks for report, certificate, versions and spec', () => {
  const { body } = parse(readPage('.github/ISSUE_TEMPLATE/wrong-verdict.yml')) as {
    readonly body: readonly { readonly id?: string; readonly validations?: { readonly required: boolean } }[];
  };
  const needed = body.filter(({ validations }) => validations?.required).map(({ id }) => id);
  expect(needed).toEqual(expect.arrayContaining(['report', 'certificate', 'versions', 'spec']));
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Entry {
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly integrity?: string;
}

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, Entry>>;
};

/** Paths of the workspaces hold no `node_modules`; a link leads to one, and a bundled package comes with its parent. */
const fetched = Object.entries(packages).filter(
  ([path, { link, inBundle }]) => path.includes('node_modules/') && !link && !inBundle,
);

it('every package that is fetched is locked by its integrity, those of other platforms too', () => {
  expect(fetched.length).toBeGreaterThan(100);
  const open = fetched.flatMap(([path, { integrity }]) => (/^sha512-/.test(integrity ?? '') ? [] : [path]));
  // Delete these entries and run `npm install --package-lock-only`: npm asks the registry for them.
  expect(open).toEqual([]);
});

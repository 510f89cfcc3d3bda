// Reads the pages for people, for the tests that keep them true.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function listPages(): readonly string[] {
  return listFiles('*.md', '.github/**/*.md', '{apps,packages}/*/*.md', '{bench,docs,e2e,harness}/**/*.md');
}

export function listFiles(...patterns: readonly string[]): readonly string[] {
  return globSync(patterns, { cwd: ROOT }).sort();
}

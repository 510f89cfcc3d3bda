// Makes JavaScript of the TypeScript in some folders, in place, for the image: `node stripTypes.ts apps packages`. Node
// runs TypeScript as it is, but what strips the types takes 27 MiB in each process. Lines stay where they are.

import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** Sent to browsers as text, with its types stripped then. */
const AS_TEXT = /\/packages\/(?:web\/src\/page|contracts\/src\/words)\//;
const IMPORTED = /(\bfrom\s*|\bimport\s*\(?\s*)'(\.{1,2}\/[^'\n]+)\.ts'/g;
/** A package is entered here; its other entries are for tests and for browsers. */
const MAIN_EXPORT = /("\.": "[^"]+)\.ts"/;

const isOwn = (path: string) => !path.includes('/node_modules/');

/** Throws when a module imports a file that is not there. Returns how many files it made. */
export function stripTypes(folder: string): number {
  const filesOf = (pattern: string) =>
    globSync(pattern, { cwd: folder })
      .map((path) => resolve(folder, path))
      .filter(isOwn);
  const sources = filesOf('**/*.ts');
  for (const source of sources) {
    const place = source.replace(/\.ts$/, '.js');
    writeFileSync(place, javascriptOf(source));
    if (!AS_TEXT.test(source)) rmSync(source);
  }
  for (const manifest of filesOf('**/package.json')) {
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(MAIN_EXPORT, '$1.js"'));
  }
  return sources.length;
}

function javascriptOf(source: string): string {
  const plain = stripTypeScriptTypes(readFileSync(source, 'utf8'), { mode: 'strip' });
  return plain.replace(IMPORTED, (_, before: string, specifier: string) => {
    const wanted = join(dirname(source), specifier);
    if (!existsSync(`${wanted}.ts`) && !existsSync(`${wanted}.js`))
      throw new Error(`${source} imports ${specifier}.ts, and there is no such file.`);
    return `${before}'${specifier}.js'`;
  });
}

if (import.meta.main) {
  for (const folder of process.argv.slice(2)) {
    console.log(`${folder}: ${stripTypes(folder)} files`);
  }
}

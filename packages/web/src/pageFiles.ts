/**
 * The files of the page that a browser loads, ready to be sent. They are read once. Node strips the types from our own
 * files, as it does when it runs them; the two libraries come as their packages have them.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { HttpFile } from '@rowparity/contracts';
import { withBrowserTypes } from './browserModule.ts';

export interface PageFiles {
  /** The HTML document of every page. */
  readonly document: HttpFile;
  /** A script or style by its name. One of another build is sent too, but not to be kept. */
  file(name: string, build: string): HttpFile | undefined;
  readonly names: readonly string[];
}

/** Nothing but the files and answers of the same origin; no script or style within a document. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
const OF_DOCUMENT = {
  ...ALWAYS,
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  // Asked for each time, and answered with 304 while it is the same.
  'cache-control': 'no-cache',
};
const KEPT = { ...ALWAYS, 'cache-control': 'public, max-age=31536000, immutable' };
const NOT_KEPT = { ...ALWAYS, 'cache-control': 'no-store' };

const MEDIA: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What a module of the page imports by name, the file that a browser gets for it, and where that is. */
const LIBRARIES: readonly { readonly specifier: string; readonly name: string; readonly place?: string }[] = [
  { specifier: 'preact', name: 'preact.js' },
  // Its main file is for require().
  { specifier: 'uplot', name: 'uplot.js', place: 'uplot/dist/uPlot.esm.js' },
  ...['causeSentence', 'causeWords', 'numberWords', 'verdictWords'].map((words) => ({
    ...{ specifier: `@rowparity/contracts/words/${words}`, name: `${words}.ts` },
  })),
];
const NAMES = Object.fromEntries(LIBRARIES.map(({ specifier, name }) => [specifier, name]));

export function readPageFiles(): PageFiles {
  const texts = { ...librariesOf(), ...ownFiles() };
  const build = hashOf(Object.entries(texts).flat().join('\n'));
  const files = new Map(
    Object.entries(texts).map(([name, text]) => [
      name,
      fileOf(text, MEDIA[extname(name)] ?? 'application/octet-stream', KEPT),
    ]),
  );
  const html = readHere('page/index.html').replaceAll('BUILD', build);
  return {
    document: fileOf(html, 'text/html; charset=utf-8', OF_DOCUMENT),
    names: [...files.keys()],
    file(name, asked) {
      const found = files.get(name);
      return found && asked !== build ? { ...found, headers: NOT_KEPT } : found;
    },
  };
}

function ownFiles(): Record<string, string> {
  const names = readdirSync(new URL('page/', import.meta.url)).filter(
    (name) => /\.(?:ts|css|svg)$/.test(name) && !name.endsWith('.test.ts'),
  );
  return Object.fromEntries(
    names.sort().map((name) => {
      const text = readHere(`page/${name}`);
      return [name, name.endsWith('.ts') ? withBrowserTypes(text, NAMES) : text];
    }),
  );
}

function librariesOf(): Record<string, string> {
  const scripts = LIBRARIES.map(({ specifier, name, place = specifier }) => {
    const text = readFileSync(fileURLToPath(import.meta.resolve(place)), 'utf8');
    return [name, withBrowserTypes(text, NAMES, { isTyped: name.endsWith('.ts') })];
  });
  const style = readFileSync(fileURLToPath(import.meta.resolve('uplot/dist/uPlot.min.css')), 'utf8');
  return { ...Object.fromEntries(scripts), 'uplot.css': style };
}

function readHere(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

function fileOf(text: string, media: string, headers: HttpFile['headers']): HttpFile {
  const bytes = Buffer.from(text);
  return { media, bytes, gzipped: gzipSync(bytes, { level: 9 }), etag: `"${hashOf(text)}"`, headers };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

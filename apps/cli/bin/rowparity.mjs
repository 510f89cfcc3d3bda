#!/usr/bin/env node
// Starts the command. Plain JavaScript, so that an old Node says what is wrong instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `rowparity: expected Node 24 or newer, found ${process.version}. In a clone, "npx rowparity" uses the pinned one.\n`,
  );
  process.exit(2);
}
// Keeps what V8 made of each file, without its types, beside other temporary files: a start takes half the time.
(await import('node:module')).enableCompileCache?.();
// In the package and in the image there are no types to strip.
const { existsSync } = await import('node:fs');
const plain = ['../lib/rowparity.js', '../src/main.js'].find((path) =>
  existsSync(new URL(path, import.meta.url)),
);
await import(plain ?? '../src/main.ts');

#!/usr/bin/env node
// Starts the command. Plain JavaScript, so that an old Node says what is wrong instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `rowparity: expected Node 24 or newer, found ${process.version}. In a clone, "npx rowparity" uses the pinned one.\n`,
  );
  process.exit(2);
}
await import('../src/main.ts');

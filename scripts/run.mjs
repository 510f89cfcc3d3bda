// The door of every root command: `node scripts/run.mjs <script> [arguments]`. Plain JavaScript for any Node from 18 on,
// because on a fresh clone there is nothing else yet. Installs the dependencies when they are missing or not those of
// package-lock.json, then runs the script under the Node that the lockfile pins.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BIN = join(ROOT, 'node_modules', '.bin');

const [script, ...args] = process.argv.slice(2);
if (!script) {
  console.error('usage: node scripts/run.mjs <script> [arguments]');
  process.exit(2);
}
const reason = reasonToInstall();
if (reason) install(reason);
runPinned(resolve(ROOT, script), args);

/** Compares what is installed with the lockfile by content: times of files say nothing after a clone or a copy. */
function reasonToInstall() {
  if (!existsSync(join(BIN, 'node'))) return 'the dependencies are not installed';
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const installed = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  const other = Object.keys(wanted).find((path) => {
    const { version, link, optional, devOptional, peer } = wanted[path];
    const isCertain = path.includes('node_modules/') && !optional && !devOptional && !peer;
    return isCertain && (!installed[path] || (!link && installed[path].version !== version));
  });
  return other && `${other} is not installed as package-lock.json says`;
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

function install(why) {
  console.error(`[setup] ${why}: npm ci`);
  if (npm('ci') === 0) return;
  console.error('[setup] npm ci failed, see above. Trying npm install, which adds what the lockfile lacks.');
  if (npm('install', '--no-save') === 0) return;
  console.error('[setup] npm install failed too. Fix the problem above, and try again.');
  process.exit(2);
}

function npm(...words) {
  const [command, ...first] = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  // npm's own words go to standard error: standard output belongs to the script.
  return spawnSync(command, [...first, ...words, ...flags], { cwd: ROOT, stdio: ['ignore', 2, 2] }).status;
}

function runPinned(file, rest) {
  const env = {
    ...process.env,
    PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`,
    NODE_OPTIONS: nodeOptions(),
  };
  const child = spawn(join(BIN, 'node'), [file, ...rest], { cwd: ROOT, stdio: 'inherit', env });
  // Ctrl-C reaches the child by itself: it is in the same foreground group. It takes its things down, then we end.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(
      `[setup] the pinned Node does not start: ${error.message}. Delete node_modules and try again.`,
    );
    process.exit(2);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}

/** kafkajs computes a time-out below zero now and then; Node would say so in the middle of what a person reads. */
function nodeOptions() {
  return `${process.env.NODE_OPTIONS ?? ''} --disable-warning=TimeoutNegativeWarning`.trim();
}

// Completes package-lock.json: `node scripts/lockAllPlatforms.mjs`, after a dependency changed. A registry that lacks the
// packages of other platforms leaves their entries out, and `npm ci` then refuses the lockfile on every machine. Adds them
// with the version that their dependent names; npm skips them wherever os or cpu does not fit. Such an entry has no
// integrity, which scripts/lockfile.test.ts refuses: where the registry has the packages, delete the entries and run
// `npm install --package-lock-only` instead.

import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const OS = /\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|windows)\b/;
const CPU = /\b(arm64|arm|x64|64|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|universal)\b/;
const LIBC = /\b(musl|gnu)\b/;
const EXACT = /^\d+\.\d+\.\d+/;
const SAME = { windows: 'win32', 64: 'x64' };

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const added = {};
for (const [path, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isThere(path, name) || !EXACT.test(version)) continue;
    added[`node_modules/${name}`] = { version, ...platformOf(name), optional: true };
  }
}
const names = Object.keys(added);
if (names.length > 0) {
  const [root, ...rest] = Object.entries({ ...lock.packages, ...added });
  rest.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries([root, ...rest]);
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(names.length > 0 ? `added:\n  ${names.join('\n  ')}` : 'nothing is missing');

/** As Node looks for it: beside the dependent, then in every folder above. */
function isThere(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder && `${folder}/`}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

function platformOf(name) {
  const text = name.replace(/^@[^/]*\//, '').replaceAll(/[-_/]|eabihf|eabi/g, ' ');
  const [os] = OS.exec(text)?.slice(1) ?? [];
  const [cpu] = CPU.exec(text)?.slice(1) ?? [];
  const [libc] = LIBC.exec(text)?.slice(1) ?? [];
  return {
    ...(libc && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
    ...(os && { os: [SAME[os] ?? os] }),
    ...(cpu && cpu !== 'universal' && { cpu: [SAME[cpu] ?? cpu] }),
  };
}

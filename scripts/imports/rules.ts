// The arrows of the house between workspaces. Drivers have one owner each. core is pure: no I/O, no clock, no
// environment, no random source. Product code reaches nothing that is made for tests, and reads variables in one
// place.

import { posix } from 'node:path';
import { APPS_MAY_IMPORT, MAY_IMPORT, OUTSIDE, OWNER_OF_DRIVER, READS_ENVIRONMENT, WINGS } from './house.ts';
import { rightsProblems } from './names.ts';
import { isInWing, isTest, targetOf } from './places.ts';
import type { Source } from './readSources.ts';
import { roomProblems } from './rooms.ts';

/** Servers, data and a real clock, for the tests of every package. */
const FOR_TESTS = ['testkit', 'runtime'];
const PURE = 'packages/core';
/** Pure functions of bytes. */
const ALLOWED_IN_PURE = ['node:crypto', 'node:buffer'];
const IMPURE = /\b(?:Date\.now|Math\.random|performance\.now|process\.(?:env|argv|hrtime))\b|\bnew Date\(\)/;
const ENVIRONMENT = /\bprocess\.env\b/;

export function problemsOf(source: Source): string[] {
  return [
    ...source.imports.flatMap((specifier) => problemOf(specifier, source) ?? []),
    ...source.imports.flatMap((specifier) => wingProblem(specifier, source) ?? []),
    ...textProblems(source),
    ...roomProblems(source),
    ...rightsProblems(source),
  ];
}

function textProblems(source: Source): string[] {
  const { path, workspace, text } = source;
  const impure = isPure(source) && IMPURE.exec(text);
  if (impure) {
    return [`${path}: core must be given its clock, environment and random source; found ${impure[0]}`];
  }
  const mayRead = workspace === READS_ENVIRONMENT || OUTSIDE.includes(workspace) || isTest(path);
  if (mayRead || !ENVIRONMENT.test(text)) return [];
  return [`${path}: only ${READS_ENVIRONMENT} reads process.env; ask it for the variable`];
}

/** Test support and conformance suites are wings: no program reaches them. */
function wingProblem(specifier: string, source: Source): string | undefined {
  const { path, workspace } = source;
  if (isTest(path)) return undefined;
  const target = targetOf(specifier, source);
  const isWing =
    target === undefined ? isWingOfPackage(specifier) && !OUTSIDE.includes(workspace) : isInWing(target);
  return isWing ? `${path}: ${specifier} is for tests alone` : undefined;
}

function isWingOfPackage(specifier: string): boolean {
  const [scope, , wing = ''] = specifier.split('/');
  return scope === '@rowparity' && WINGS.includes(wing);
}

function problemOf(specifier: string, source: Source): string | undefined {
  const { path, workspace } = source;
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    return target.startsWith(`${workspace}/`)
      ? undefined
      : `${path}: reaches out of its workspace with ${specifier}`;
  }
  const [scope, name = ''] = specifier.split('/');
  if (scope === '@rowparity') {
    return isAllowed(name, source) ? undefined : `${path}: ${workspace} must not import ${specifier}`;
  }
  const owner = OWNER_OF_DRIVER[scope ?? ''];
  if (owner && owner !== workspace && !OUTSIDE.includes(workspace) && !isTest(path)) {
    return `${path}: only ${owner} may import ${scope}`;
  }
  if (isPure(source) && specifier.startsWith('node:') && !ALLOWED_IN_PURE.includes(specifier)) {
    return `${path}: core must not import ${specifier}`;
  }
  return undefined;
}

function isAllowed(name: string, { path, workspace }: Source): boolean {
  if (name === posix.basename(workspace)) return true;
  if (FOR_TESTS.includes(name) && isTest(path)) return true;
  const allowed = MAY_IMPORT[workspace] ?? (workspace.startsWith('apps/') ? APPS_MAY_IMPORT : []);
  return allowed.includes(name);
}

function isPure({ workspace, path }: Source): boolean {
  return workspace === PURE && !isTest(path);
}

/** Asks where a database is and how to log in, and tries it at once. */
import { printable } from '@rowparity/contracts';
import {
  type ConnectionTarget,
  completeTarget,
  databaseOf,
  type PartialTarget,
  readConnectionUrl,
  withParts,
} from '@rowparity/mysql';
import { SESSIONS_A_SHARD } from '../checking/databases.ts';
import type { Place } from '../connecting/connectionOptions.ts';
import type { Questions } from '../connecting/questions.ts';
import { diagnoseServer } from '../diagnosing/diagnoseServer.ts';
import { findingLines, type Page } from '../diagnosing/findingLines.ts';

/** What `check` works on at once when nothing else is said. */
const SHARDS = 4;

export interface AskedConnection {
  readonly place: Place;
  /** From variables or option files; undefined where nothing is said there. */
  readonly given: ConnectionTarget | undefined;
  /** What the other side has: most likely the same user and database. */
  readonly other: ConnectionTarget | undefined;
  readonly page: Page;
}

export interface AnsweredConnection {
  readonly target: ConnectionTarget;
  /** It is what variables or option files say. */
  readonly isGiven: boolean;
}

export async function askConnection(
  asked: AskedConnection,
  questions: Questions,
): Promise<AnsweredConnection> {
  const { place, given, other, page } = asked;
  questions.say(['', place === 'source' ? 'Source' : 'Destination']);
  const isGiven =
    given !== undefined && (await questions.confirm(`${addressOf(given)} is set already. Use it?`));
  let target = isGiven ? given : await askTarget(fallbackOf(other), questions);
  let isKept = isGiven;
  while (!(await tryOut({ place, target, page }, questions))) {
    if (!(await questions.confirm('Correct it?'))) break;
    target = await askTarget(target, questions);
    isKept = false;
  }
  return { target, isGiven: isKept };
}

/** A password and an address are each server's own. */
function fallbackOf(other: ConnectionTarget | undefined): PartialTarget {
  return other
    ? { user: other.user, database: other.database, tls: other.tls, tlsCaFile: other.tlsCaFile }
    : {};
}

async function askTarget(fallback: PartialTarget, questions: Questions): Promise<ConnectionTarget> {
  for (;;) {
    const parts = await askParts(fallback, questions);
    const target = 'problem' in parts ? parts : completeTarget(parts);
    if (!('problem' in target)) return target;
    questions.say([`  ✗ ${printable(target.problem)}`]);
  }
}

async function askParts(
  fallback: PartialTarget,
  questions: Questions,
): Promise<PartialTarget | { readonly problem: string }> {
  const first = await questions.ask('  URL (leave its password out), or host', fallback.host ?? 'localhost');
  if (first.includes('://')) return askRest(first, fallback, questions);
  if (first.startsWith('/')) return askLogin({ ...fallback, host: 'localhost', socket: first }, questions);
  const port = await questions.ask('  Port', String(fallback.port ?? 3306));
  if (!/^\d{1,5}$/.test(port)) return { problem: 'expected a port from 1 to 65535' };
  return askLogin({ ...fallback, host: first, port: Number(port), socket: undefined }, questions);
}

/** A URL says all, but most likely not the password. */
async function askRest(url: string, fallback: PartialTarget, questions: Questions) {
  const read = readConnectionUrl(url);
  if ('problem' in read) return read;
  if (read.parts.password !== undefined && read.parts.user && read.parts.database) return read.parts;
  const said = Object.entries(read.parts).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return askLogin(withParts(read.parts, fallback), questions, new Set(said));
}

async function askLogin(
  parts: PartialTarget,
  questions: Questions,
  said: ReadonlySet<string> = new Set(),
): Promise<PartialTarget> {
  const user = said.has('user') ? parts.user : await questions.ask('  User', parts.user ?? '');
  const password = said.has('password')
    ? parts.password
    : await questions.secret('  Password (not shown, and not written to the file): ');
  const database = said.has('database')
    ? parts.database
    : await questions.ask('  Database', parts.database ?? '');
  return { ...parts, user, password, database };
}

/** False when something is wrong. */
async function tryOut(
  { place, target, page }: { readonly place: Place; readonly target: ConnectionTarget; readonly page: Page },
  questions: Questions,
): Promise<boolean> {
  const findings = await diagnoseServer({ place, target, sessions: SESSIONS_A_SHARD * SHARDS });
  const told = findings.filter(
    ({ check, level }) => level !== 'ok' || check === 'login' || check === 'version',
  );
  questions.say(told.flatMap((finding) => findingLines(finding, page)));
  return findings.every(({ level }) => level !== 'error');
}

function addressOf(target: ConnectionTarget): string {
  return printable(`${target.user} on ${databaseOf(target)}`);
}

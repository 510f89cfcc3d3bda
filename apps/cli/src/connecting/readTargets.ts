/**
 * Where the two databases are, and how to log in: from URLs, option files, variables and the terminal, in this order.
 * Every wrong one is a UsageError; no password shows.
 */
import { printable } from '@rowparity/contracts';
import {
  type ConnectionTarget,
  completeTarget,
  type PartialTarget,
  readConnectionUrl,
  readDefaultsFile,
  serverOf,
  withParts,
} from '@rowparity/mysql';
import { processSecret } from '@rowparity/runtime';
import { UsageError } from '../usage/usageError.ts';
import { askPassword } from './askPassword.ts';
import { type ConnectionFlags, defaultsOf, PLACES, type Place } from './connectionOptions.ts';

export type Targets = Readonly<Record<Place, ConnectionTarget>>;
type Urls = Readonly<Record<Place, string | undefined>>;

/** Whether a URL, a file or a variable says anything of it. */
export function isGiven(place: Place, urls: Urls, flags: ConnectionFlags): boolean {
  return Boolean(urls[place] ?? defaultsOf(place, flags).file ?? processSecret(variableOf(place)));
}

/** What files and variables say of it; undefined where they say nothing. */
export async function givenTarget(
  place: Place,
  flags: ConnectionFlags,
): Promise<ConnectionTarget | undefined> {
  const urls = { source: undefined, destination: undefined };
  return isGiven(place, urls, flags) ? withPassword(place, await find(place, urls, flags), flags) : undefined;
}

interface Found {
  readonly parts: PartialTarget;
  /** What the person wrote, for messages. */
  readonly from: string;
}

export async function readTargets(urls: Urls, flags: ConnectionFlags): Promise<Targets> {
  const found = {
    source: await find('source', urls, flags),
    destination: await find('destination', urls, flags),
  };
  // Everything else is looked at before a person is asked.
  const complete = { source: completed(found.source), destination: completed(found.destination) };
  if (!flags.askPassword) return complete;
  const missing = PLACES.filter((place) => found[place].parts.password === undefined);
  if (missing.length === 0) {
    throw new UsageError('--ask-password: both connections have a password already; leave it out of one.');
  }
  // One after the other: a person answers them.
  const source = await withPassword('source', found.source, flags);
  return { source, destination: await withPassword('destination', found.destination, flags) };
}

async function withPassword(place: Place, found: Found, flags: ConnectionFlags): Promise<ConnectionTarget> {
  const target = completed(found);
  if (!flags.askPassword || found.parts.password !== undefined) return target;
  const question = `Password of ${target.user} on the ${place} (${serverOf(target)}): `;
  return { ...target, password: await askPassword(printable(question)) };
}

function variableOf(place: Place): string {
  return `ROWPARITY_CONNECTION_${place.toUpperCase()}`;
}

async function find(place: Place, urls: Urls, flags: ConnectionFlags): Promise<Found> {
  const { file, group } = defaultsOf(place, flags);
  const variable = variableOf(place);
  if (file === undefined) {
    if (group !== undefined) {
      throw new UsageError(
        `--${place}-defaults-group: expected --${place}-defaults-file with it, found none.`,
      );
    }
    const url = urls[place] ?? processSecret(variable);
    if (!url) throw new UsageError(noConnection(place, variable));
    const from = urls[place] === undefined ? variable : `the URL of the ${place}`;
    return { parts: ofUrl(url, from), from };
  }
  const flag = `--${place}-defaults-file ${file}`;
  const read = await readDefaultsFile(file, group);
  if ('problem' in read) throw new UsageError(`${flag}: ${read.problem}`);
  if (read.warning) process.stderr.write(`rowparity: ${printable(`${flag}: ${read.warning}`)}\n`);
  const url = urls[place];
  if (!url) return { parts: read.parts, from: flag };
  const from = `the URL of the ${place}`;
  return { parts: withParts(ofUrl(url, from), read.parts), from: `${from}, and ${flag}` };
}

function ofUrl(url: string, from: string): PartialTarget {
  const read = readConnectionUrl(url);
  if ('problem' in read) throw new UsageError(`${from}: ${read.problem}`);
  return read.parts;
}

function completed({ parts, from }: Found): ConnectionTarget {
  const target = completeTarget(parts);
  if (!('problem' in target)) return target;
  const example = target.problem === 'expected a database' ? ', as in mysql://user@host/shop' : '';
  throw new UsageError(`${from}: ${target.problem}${example}`);
}

function noConnection(place: Place, variable: string): string {
  return `the ${place}: expected a URL such as mysql://user:password@host:3306/database, --${place}-defaults-file, or the variable ${variable}; found none of them.`;
}

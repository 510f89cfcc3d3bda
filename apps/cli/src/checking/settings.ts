/** What the arguments, flags and variables of `check` ask for. Every wrong one is a UsageError; no password shows. */
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HostLimits } from '@rowparity/contracts';
import { wholeNumber } from '@rowparity/runtime';
import type { ConnectionFlags, Place } from '../connecting/connectionOptions.ts';
import { readTargets, type Targets } from '../connecting/readTargets.ts';
import { isStandardOutput, STANDARD_OUTPUT } from '../output/standardOutput.ts';
import { readDocument } from '../usage/readDocument.ts';
import { UsageError } from '../usage/usageError.ts';
import { type EarlyEnd, readEarlyEnd } from './earlyEnd.ts';
import { readLimits } from './limitOptions.ts';
import { expectApart } from './outputsApart.ts';
import type { SpecTexts } from './specOptions.ts';

/** Each shard holds two sessions a server and some 50 MB at most. */
const CONCURRENCY_MAX = 64;

export interface SpecSources {
  /** A file with a run spec. */
  readonly spec?: string;
  readonly tables?: string;
  /** A file with names of tables, one a line. */
  readonly tablesFile?: string;
}

export interface CheckFlags extends SpecTexts, ConnectionFlags, SpecSources {
  readonly events?: string;
  readonly report?: string;
  readonly certificate?: string;
  readonly ledger?: string;
  readonly concurrency: string;
  readonly resume?: boolean;
  readonly explain?: boolean;
  readonly quiet?: boolean;
  readonly limit?: string;
  readonly maxMinutes?: string;
  readonly keepGoing?: boolean;
}

export interface CheckSettings {
  readonly targets: Targets;
  readonly texts: SpecTexts;
  /** A file, or `-`. Undefined on a terminal, where events would scroll away what a person reads: the usual file. */
  readonly events: string | undefined;
  readonly report: string | undefined;
  /** A file. */
  readonly certificate: string | undefined;
  readonly ledger: string | undefined;
  readonly concurrency: number;
  /** Of both servers; a connection may say otherwise of its own. */
  readonly limits: HostLimits;
  readonly earlyEnd: EarlyEnd;
  readonly isResume: boolean;
  readonly isQuiet: boolean;
  /** Tables that are named and not there are refused, and the others compared. */
  readonly isKeepGoing: boolean;
}

export async function readSettings(
  urls: Readonly<Record<Place, string | undefined>>,
  flags: CheckFlags,
): Promise<CheckSettings> {
  const concurrency = concurrencyOf(flags.concurrency);
  const { report, certificate, ledger } = flags;
  const events = flags.events ?? (process.stdout.isTTY === true ? undefined : STANDARD_OUTPUT);
  if (certificate === STANDARD_OUTPUT) {
    throw new UsageError('--certificate -: expected a file; a certificate that is cut proves nothing.');
  }
  await expectOneOnStandardOutput({ '--events': events, '--report': report, '--certificate': certificate });
  await expectApart({
    '--events': events,
    '--report': report,
    '--certificate': certificate,
    '--ledger': ledger,
  });
  if (events) await expectWritable('--events', events);
  if (flags.certificate) await expectWritable('--certificate', flags.certificate);
  if (flags.report) await expectWritable('--report', flags.report);
  const texts = { ...flags, ...(await textsOfFiles(flags)) };
  return {
    targets: await readTargets(urls, flags),
    texts,
    events,
    report: flags.report,
    certificate: flags.certificate,
    ledger: flags.ledger,
    concurrency,
    limits: readLimits(flags),
    earlyEnd: readEarlyEnd(flags),
    isResume: flags.resume === true,
    isQuiet: flags.quiet === true,
    isKeepGoing: flags.keepGoing === true,
  };
}

export function concurrencyOf(text: string): number {
  const read = wholeNumber({ min: 1, max: CONCURRENCY_MAX }).safeParse(text);
  if (read.success) return read.data;
  throw new UsageError(`--concurrency: ${read.error.issues[0]?.message}; found "${text}"`);
}

export async function textsOfFiles({ spec, tables, tablesFile }: SpecSources): Promise<SpecTexts> {
  const names = tablesFile === undefined ? [] : await tableNames(tablesFile);
  const all = [...(tables === undefined ? [] : [tables]), ...names];
  const document =
    spec === undefined ? undefined : await readDocument<Readonly<Record<string, unknown>>>(spec);
  if (all.length === 0 && document === undefined) {
    throw new UsageError(
      'expected --tables, such as --tables "*", or --tables-file, or --spec with a run spec; found none.',
    );
  }
  return { spec: document, tables: all.length > 0 ? all.join(',') : undefined };
}

/** A line that begins with # is a comment. */
async function tableNames(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`--tables-file ${file}: the file cannot be read (${cause.code}).`, { cause });
  });
  const names = text.split('\n').map((line) => line.trim());
  const found = names.filter((name) => name !== '' && !name.startsWith('#'));
  if (found.length === 0)
    throw new UsageError(`--tables-file ${file}: expected a name of a table in a line, found none.`);
  return found;
}

async function expectOneOnStandardOutput(places: Readonly<Record<string, string | undefined>>) {
  let first: string | undefined;
  for (const [flag, place] of Object.entries(places)) {
    if (!place || !(await isStandardOutput(place))) continue;
    if (first) {
      throw new UsageError(`${flag} ${place}: ${first} takes standard output; name a file for one of them.`);
    }
    first = flag;
  }
}

/** Said at the start: a long run must not end with a report that has no place. */
async function expectWritable(flag: string, path: string): Promise<void> {
  if (path === STANDARD_OUTPUT) return;
  const found = await stat(path).catch(() => undefined);
  const fail = (why: string | undefined, cause?: unknown) => {
    throw new UsageError(`${flag} ${path}: the file cannot be written (${why}).`, { cause });
  };
  if (found?.isDirectory()) fail('EISDIR');
  await access(found ? path : dirname(path), constants.W_OK).catch((cause: NodeJS.ErrnoException) =>
    fail(cause.code, cause),
  );
}

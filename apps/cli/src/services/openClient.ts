/** The client of the services for a person at a terminal: refusals become words, and a fault is told at once. */

import { type ClientOptions, RowparityClient, RowparityError } from '@rowparity/client';
import { printable } from '@rowparity/contracts';
import { processSecret } from '@rowparity/runtime';
import { UsageError } from '../usage/usageError.ts';

/** A person waits: a wrong address must not take as long as a restart of a service. */
const DEADLINE_MS = 30_000;

export type Addresses = Pick<ClientOptions, 'coordinator' | 'reporter'>;

/** `isQuiet`: the caller tells of every fault itself. */
export function openClient(addresses: Addresses, { isQuiet = false } = {}): RowparityClient {
  let isTold = isQuiet;
  return new RowparityClient({
    ...addresses,
    token: processSecret('ROWPARITY_HTTP_TOKEN'),
    deadlineMs: DEADLINE_MS,
    onTransient({ message }) {
      if (!isTold) process.stderr.write(`rowparity: ${printable(message)} Trying again.\n`);
      isTold = true;
    },
  });
}

/** Nothing was started, or nothing can be told: the command ends as for wrong usage. */
export function orUsageError<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    throw error instanceof RowparityError ? usageErrorOf(error) : error;
  });
}

function usageErrorOf(error: RowparityError): UsageError {
  const { code, message, problems } = error;
  const lines = problems.map(({ path, message: what }) => `\n  ${printable(path)}: ${printable(what)}`);
  const advice = code === 'unreachable' ? ' Start it, or name another with --coordinator or --reporter.' : '';
  return new UsageError(`${printable(message)}${advice}${lines.join('')}`, { cause: error });
}

/** What the exit code says of an error that ended a command. */
import { Fault } from '@rowparity/core';
import { EXIT } from '@rowparity/runtime';
import { UsageError } from './usageError.ts';

export function exitCodeOfError(error: unknown): number {
  if (error instanceof UsageError) return EXIT.configuration;
  if (!(error instanceof Fault)) return EXIT.internal;
  switch (error.class) {
    case 'configuration':
      return EXIT.configuration;
    // A server or a full disk stood in the way: nothing is known of what was not compared.
    case 'transient':
    case 'permanent':
      return EXIT.inconclusive;
    case 'invariant':
      return EXIT.internal;
  }
}

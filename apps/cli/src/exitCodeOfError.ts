/** The exit code for an error that ended a command. */
import { RowparityError } from '@rowparity/client';
import { Fault } from '@rowparity/contracts';
import { ConfigurationError, EXIT } from '@rowparity/runtime';
import { OutputError } from './output/outputError.ts';
import { UsageError } from './usage/usageError.ts';

export function exitCodeOfError(error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigurationError) return EXIT.configuration;
  // The output is missing, also when the comparison ended well.
  if (error instanceof OutputError) return EXIT.inconclusive;
  // A service's document broke off.
  if (error instanceof RowparityError) return EXIT.inconclusive;
  if (!(error instanceof Fault)) return EXIT.internal;
  switch (error.class) {
    case 'configuration':
      return EXIT.configuration;
    // A server or a full disk ended the run early: the rest was not compared.
    case 'transient':
    case 'permanent':
      return EXIT.inconclusive;
    case 'invariant':
      return EXIT.internal;
  }
}

// Reading the options of a command: what is wrong with them is said by name.

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What parseArgs has to complain about is wrong usage. */
export function orWrongUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

export function wholeNumber(flag: string, text: string | undefined, { min, max }: Range): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text.replaceAll(/[_,]/g, ''));
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new UsageError(`${flag}: expected a whole number from ${min} to ${max}, found ${text}`);
}

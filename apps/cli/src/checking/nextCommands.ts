/** The commands that come after a check, with their arguments. */
import { differencesOf, type RunReport } from '@rowparity/contracts';
import { STANDARD_OUTPUT } from '../output/standardOutput.ts';
import { shellWord } from '../usage/shellWord.ts';

const CODES_MAX = 3;

/** `events`: where the events went, a file or `-`. */
export function nextCommands({ counts, failures }: RunReport, events: string): string[] {
  const codes = [...new Set(failures.map(({ code }) => code))].slice(0, CODES_MAX);
  const explained = codes.map((code) => `rowparity explain ${code}`);
  if (differencesOf(counts) === 0) return explained;
  const shown =
    events === STANDARD_OUTPUT
      ? ['keep the events with --events FILE, then "rowparity diff FILE" shows the rows side by side']
      : [`rowparity diff ${shellWord(events)}`, `rowparity repair ${shellWord(events)} --sql repair.sql`];
  return [...shown, ...explained];
}

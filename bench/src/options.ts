/** The options of `npm run bench`. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly rows: number;
  readonly narrowRows: number;
  readonly repeats: number;
  readonly jsonFile: string;
}

const USAGE = `usage: npm run bench -- [--rows 2000000] [--narrow-rows 2000000] [--repeats 3] [--json bench-result.json]
Makes two databases on this machine and measures, interleaved and repeated; prints ratios and writes JSON.`;

export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '2000000' },
      'narrow-rows': { type: 'string', default: '2000000' },
      repeats: { type: 'string', default: '3' },
      json: { type: 'string', default: '.rowparity/bench.json' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  return {
    rows: wholeNumber('--rows', values.rows),
    narrowRows: wholeNumber('--narrow-rows', values['narrow-rows']),
    repeats: wholeNumber('--repeats', values.repeats),
    jsonFile: values.json,
  };
}

function wholeNumber(flag: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  process.stderr.write(`bench: ${flag}: expected a whole number above 0, found "${text}".\n${USAGE}\n`);
  process.exit(2);
}

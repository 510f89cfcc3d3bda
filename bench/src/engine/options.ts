/** The options of `npm run bench`. */
import { flagsOrExit } from '../shared/flags.ts';

export interface BenchOptions {
  readonly rows: number;
  readonly narrowRows: number;
  readonly repeats: number;
  readonly jsonFile: string;
}

export function readOptions(): BenchOptions {
  const { 'narrow-rows': narrowRows, ...rest } = flagsOrExit({
    command: 'bench',
    about:
      'Makes two databases on this machine and measures, interleaved and repeated; prints ratios and writes JSON.',
    numbers: { rows: 2_000_000, 'narrow-rows': 2_000_000, repeats: 3 },
    jsonFile: '.rowparity/bench.json',
  });
  return { ...rest, narrowRows };
}

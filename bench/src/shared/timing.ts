/** What a contender took, round by round. */

export interface Timing {
  readonly name: string;
  readonly seconds: readonly number[];
  readonly failure?: string | undefined;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

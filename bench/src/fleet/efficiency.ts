/** How well workers add up: the rate of n against n times the rate of one. */

export interface Rate {
  readonly workers: number;
  readonly rowsPerSecond: number;
}

/** Undefined when one worker alone was not measured. */
export function efficiencyOf(rate: Rate, rates: readonly Rate[]): number | undefined {
  const alone = rates.find(({ workers }) => workers === 1);
  return alone && rate.rowsPerSecond / (rate.workers * alone.rowsPerSecond);
}

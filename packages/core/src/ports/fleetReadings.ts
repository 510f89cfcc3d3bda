/** What there is of a fleet beside its runs. */

export interface FleetReadings {
  look(): Promise<FleetLook>;
}

export interface FleetLook {
  /** A coordinator leads. */
  readonly isLed: boolean;
  /** Shard jobs of all runs. */
  readonly waiting: number;
  readonly active: number;
}

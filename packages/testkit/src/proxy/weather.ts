// The state of a link: its speed, its faults and its target.

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type Weather =
  /** As fast as the machine allows. */
  | { readonly kind: 'fair' }
  /** Each piece of data arrives so much later, in both directions. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** The most bytes a second on each connection, in each direction. */
  | { readonly kind: 'throttled'; readonly bytesPerSecond: number }
  /**
   * Half open: data is dropped in both directions, without notice; new connections are accepted and lead
   * nowhere. A connection that lost data stays dead when the weather changes, until one of its ends gives it up.
   */
  | { readonly kind: 'silent' }
  /** Connections are closed as soon as they are made; those that exist are cut. */
  | { readonly kind: 'refused' };

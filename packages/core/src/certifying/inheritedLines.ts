/** Whether what a certificate says of inherited shards agrees with its lines: which, from which run, of which time. */
import {
  type CertificateHeader,
  type CertificateShard,
  type InheritedShards,
  plusCounts,
  zeroCounts,
} from '@rowparity/contracts';

/** Of one shard line. */
export function inheritingProblem(
  { inheritedFrom, outcome }: CertificateShard,
  header: CertificateHeader | undefined,
): string | undefined {
  if (inheritedFrom === undefined || !header) return undefined;
  const { basedOn } = header.spec;
  if (!basedOn) return `it is inherited from run ${inheritedFrom}, and the spec is based on no run`;
  if (inheritedFrom === header.runId) return 'it is inherited from its own run';
  if (outcome === null) return 'it is inherited, and has no outcome';
  const isAsked = basedOn.only.some((asked) => asked === outcome);
  return isAsked
    ? `it is inherited, and the spec asks for what ended ${outcome} to be compared anew`
    : undefined;
}

/** Of the shard lines of one table pair. */
export class InheritedSums {
  #shards = 0;
  #rows = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  add({ inheritedFrom, counts, startedAt, endedAt }: CertificateShard): void {
    if (inheritedFrom === undefined) return;
    const { rowsBase, rowsTarget } = plusCounts(zeroCounts(), counts);
    this.#shards += 1;
    this.#rows += rowsBase + rowsTarget;
    this.#from = Math.min(this.#from, startedAt ?? 0);
    this.#to = Math.max(this.#to, endedAt ?? 0);
  }

  /** Undefined when the lines add up to what the table's line says. */
  problem(said: InheritedShards | undefined): string | undefined {
    const found = { shards: this.#shards, rows: this.#rows, from: this.#from, to: this.#to };
    if (!said)
      return this.#shards === 0 ? undefined : `${this.#shards} shards are inherited, and it says none`;
    const wrong = (['shards', 'rows', 'from', 'to'] as const).find((name) => said[name] !== found[name]);
    return wrong && `of what is inherited it says ${wrong} ${said[wrong]}, and the lines say ${found[wrong]}`;
  }
}

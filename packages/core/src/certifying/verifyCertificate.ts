/**
 * Verifies a certificate without any server: its lines are those that were written, the shards cover every key of every
 * table pair, their counts add up to the ledger's sums, and the verdict follows from them.
 */
import {
  type CertificateFooter,
  type CertificateHeader,
  type CertificateLine,
  type CertificateShard,
  type CertificateTable,
  COUNT_NAMES,
  type Counts,
  certificateLine,
  confirmedOf,
  followedRun,
  isRecheck,
  plusCounts,
  zeroCounts,
} from '@rowparity/contracts';
import { fingerprintOf } from '../hashing/canonicalJson.ts';
import { axisOf } from '../keys/keyOrder.ts';
import type { ShardTallies } from '../ports/ledger.ts';
import { sumCounts, verdictOf } from '../settling/verdict.ts';
import { HashChain } from './hashChain.ts';
import { InheritedSums, inheritingProblem } from './inheritedLines.ts';
import { Tiling } from './tiling.ts';

/** A limit, because a file that is not a certificate would have a problem in each line. */
const PROBLEMS_MAX = 20;

export interface VerifiedCertificate {
  /** Empty when the certificate holds. */
  readonly problems: readonly string[];
  readonly header: CertificateHeader | undefined;
  readonly tables: readonly CertificateTable[];
  readonly footer: CertificateFooter | undefined;
  readonly shards: number;
  /** Sums of the shard lines. */
  readonly counts: Counts;
  /** The hash of the last line. Kept elsewhere, it shows whether the whole was written anew. */
  readonly head: string;
}

export async function verifyCertificate(lines: AsyncIterable<string>): Promise<VerifiedCertificate> {
  const verification = new Verification();
  for await (const line of lines) verification.take(line);
  return verification.end();
}

interface TableSums {
  readonly line: CertificateTable;
  readonly tiling: Tiling;
  readonly inherited: InheritedSums;
  counts: Counts;
  readonly shards: { -readonly [state in keyof ShardTallies]: number };
}

class Verification {
  readonly #problems: string[] = [];
  readonly #chain = new HashChain();
  readonly #tables: TableSums[] = [];
  #lines = 0;
  #shards = 0;
  #header: CertificateHeader | undefined;
  #footer: CertificateFooter | undefined;

  take(text: string): void {
    this.#lines += 1;
    const opened = this.#chain.open(text);
    if (!opened) {
      this.#at('it has no sha256 at its end: it was cut or changed');
      return;
    }
    if (!opened.isIntact) {
      this.#at(
        'its sha256 is not that of the lines so far: it was changed, or lines before it were removed or moved',
      );
    }
    const line = parsed(opened.body);
    if (typeof line === 'string') this.#at(line);
    else this.#check(line);
  }

  end(): VerifiedCertificate {
    this.#expect(this.#header !== undefined, 'there is no header');
    this.#expect(this.#footer !== undefined, 'the file ends without its footer: it was cut');
    for (const { line, tiling, inherited } of this.#tables) {
      this.#checkTiling(line, tiling);
      const problem = inherited.problem(line.inherited);
      if (problem) this.#problems.push(`table ${line.table} (${line.name}): ${problem}`);
    }
    if (this.#header && this.#footer) this.#checkSums(this.#header, this.#footer);
    const problems = this.#problems.slice(0, PROBLEMS_MAX);
    const more = this.#problems.length - problems.length;
    return {
      problems: more > 0 ? [...problems, `and ${more} more`] : problems,
      header: this.#header,
      tables: this.#tables.map(({ line }) => line),
      footer: this.#footer,
      shards: this.#shards,
      counts: sumCounts(this.#tables),
      head: this.#chain.head,
    };
  }

  #check(line: CertificateLine): void {
    this.#expect(this.#footer === undefined, `line ${this.#lines}: nothing may follow the footer`);
    const isInPlace = (line.kind === 'header') === (this.#lines === 1);
    this.#expect(isInPlace, `line ${this.#lines}: the first line is the header, and no other`);
    switch (line.kind) {
      case 'header':
        this.#header = line;
        this.#expect(fingerprintOf(line.spec) === line.specSha256, 'the spec is not that of specSha256');
        break;
      case 'table':
        this.#takeTable(line);
        break;
      case 'shard':
        this.#takeShard(line);
        break;
      case 'footer':
        this.#footer = line;
    }
  }

  #takeTable(line: CertificateTable): void {
    this.#expect(
      line.table === this.#tables.length && this.#shards === 0,
      `line ${this.#lines}: expected table ${this.#tables.length}, found ${line.table}`,
    );
    const shards = { planned: 0, running: 0, match: 0, differs: 0, inconclusive: 0 };
    this.#tables.push({
      line,
      tiling: new Tiling(),
      inherited: new InheritedSums(),
      counts: zeroCounts(),
      shards,
    });
  }

  #takeShard(line: CertificateShard): void {
    this.#expect(
      line.shard === this.#shards,
      `line ${this.#lines}: expected shard ${this.#shards}, found ${line.shard}`,
    );
    this.#shards = line.shard + 1;
    const table = this.#tables[line.table];
    if (!table) {
      this.#at(`shard ${line.shard} belongs to table ${line.table}, which has no line`);
      return;
    }
    // A shard that read keys alone covers no range.
    if (line.keys === undefined) table.tiling.add(line.shard, line.range);
    table.inherited.add(line);
    table.counts = plusCounts(table.counts, line.counts);
    table.shards[line.outcome ?? 'planned'] += 1;
    const problem =
      keysProblem(line, this.#header) ??
      outcomeProblem(line, this.#header) ??
      orderProblem(line, table.line) ??
      inheritingProblem(line, this.#header);
    if (problem) this.#at(`shard ${line.shard}: ${problem}`);
  }

  /** A table that was refused has no shards; so has every table of a run that was never planned. */
  #checkTiling({ table, name, refusal }: CertificateTable, tiling: Tiling): void {
    if (!this.#header || this.#header.plannedAt === null) return;
    if (isRecheck(this.#header.spec)) {
      if (!tiling.isEmpty)
        this.#problems.push(
          `table ${table} (${name}): it has ranges, and the run only reads known differences`,
        );
      return;
    }
    const problem = refusal
      ? tiling.isEmpty
        ? undefined
        : 'it was refused, and has shards'
      : tiling.problem();
    if (problem) this.#problems.push(`table ${table} (${name}): ${problem}`);
  }

  #checkSums(header: CertificateHeader, { totals, verdict, failure, cancelled }: CertificateFooter): void {
    this.#expect(
      totals.length === this.#tables.length || header.plannedAt === null,
      `the footer has totals of ${totals.length} tables, and there are ${this.#tables.length}`,
    );
    for (const [table, { counts, shards }] of totals.entries()) {
      const found = this.#tables[table];
      if (!found) continue;
      const said = plusCounts(zeroCounts(), counts);
      for (const name of COUNT_NAMES) this.#expectSum(table, name, [found.counts[name], said[name]]);
      for (const outcome of ['match', 'differs', 'inconclusive'] as const)
        this.#expectSum(table, `shards that ended ${outcome}`, [found.shards[outcome], shards[outcome]]);
      this.#expectSum(table, 'shards that did not end', [found.shards.planned, shards.open]);
    }
    const tables = this.#tables.map(({ line }) => ({
      plan: line.refusal ? null : line,
      changed: line.changed ?? undefined,
      inherited: line.inherited,
      shards: line.planned,
    }));
    const { spec, plannedAt } = header;
    const grounds = { spec, failure, cancelRequested: cancelled, plannedAt, tables };
    const follows = verdictOf(grounds, this.#tables);
    this.#expect(verdict === follows, `the verdict is ${verdict}, and ${follows} follows from the lines`);
  }

  #expectSum(table: number, what: string, [found, said]: readonly [number, number]): void {
    const name = this.#tables[table]?.line.name;
    this.#expect(
      found === said,
      `table ${table} (${name}): ${what}: the shards add up to ${found}, the footer says ${said}`,
    );
  }

  #expect(is: boolean, otherwise: string): void {
    if (!is) this.#problems.push(otherwise);
  }

  #at(problem: string): void {
    this.#problems.push(`line ${this.#lines}: ${problem}`);
  }
}

function parsed(body: string): CertificateLine | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return 'it is not JSON';
  }
  const read = certificateLine.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return `it is no line of a certificate: ${issue?.path.join('.') || 'kind'}: ${issue?.message}`;
}

/** Keys are read only where the run follows another one, and each of them is counted once. */
function keysProblem(
  { keys, counts, outcome }: CertificateShard,
  header: CertificateHeader | undefined,
): string | undefined {
  if (keys === undefined || !header) return undefined;
  if (followedRun(header.spec) === undefined) return 'it read keys alone, and the spec follows no other run';
  const all = plusCounts(zeroCounts(), counts);
  const told = all.knownStill + all.knownResolved + all.knownUnstable + all.knownHidden;
  const isDone = outcome === 'match' || outcome === 'differs';
  return isDone && told !== keys
    ? `it ended ${outcome}, with ${keys} keys of which ${told} are counted`
    : undefined;
}

/** Checks that an outcome agrees with its counts. */
function outcomeProblem(
  { outcome, counts, failure, endedAt }: CertificateShard,
  header: CertificateHeader | undefined,
): string | undefined {
  const confirmed = confirmedOf(plusCounts(zeroCounts(), counts)) + (counts.knownStill ?? 0);
  // Where ranges are compared, too, a key of which nothing can be told hides nothing.
  const hidden = header && isRecheck(header.spec) ? (counts.knownHidden ?? 0) : 0;
  const open = (counts.unstable ?? 0) + (counts.knownUnstable ?? 0) + hidden;
  if ((outcome === null) !== (endedAt === null)) return 'an outcome and the time of an end come together';
  if ((outcome === 'inconclusive') !== (failure !== null))
    return 'a failure comes with inconclusive, and with nothing else';
  if (outcome === 'match' && (confirmed > 0 || open > 0))
    return `it ended match, with ${confirmed} differences and ${open} unstable rows`;
  if (outcome !== 'inconclusive' && (counts.caught ?? 0) < (counts.planted ?? 0))
    return `it ended ${outcome}, and its self-test found ${counts.caught ?? 0} of ${counts.planted}`;
  if (outcome === 'differs' && confirmed === 0) return 'it ended differs, without a difference';
  return undefined;
}

/** For keys with one order everywhere: a range does not run backwards. */
function orderProblem(
  { range: { after, upTo } }: CertificateShard,
  { key }: CertificateTable,
): string | undefined {
  const axis = key[0] && axisOf(key[0].kind);
  if (!axis || !after || !upTo) return undefined;
  try {
    if (axis.position(after[0] as string) <= axis.position(upTo[0] as string)) return undefined;
  } catch {
    return 'the ends of its range are no keys of its table';
  }
  return `its range runs backwards, from ${JSON.stringify(after)} to ${JSON.stringify(upTo)}`;
}

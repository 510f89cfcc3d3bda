/** What a valid certificate does not prove, for its reader. */
import {
  type CertificateTable,
  changedFrom,
  type InheritedShards,
  isRecheck,
  many,
} from '@rowparity/contracts';
import { SIDES } from '../sides/sides.ts';
import type { VerifiedCertificate } from './verifyCertificate.ts';

const NAMED_MAX = 5;

export function notProven(certificate: VerifiedCertificate): string[] {
  const { header, tables, footer, counts } = certificate;
  const compared = tables.filter(({ refusal }) => !refusal);
  return [
    'that this file was written by Rowparity: the chain shows changes of a part; a file that was written anew as a whole can be detected only by the head, kept elsewhere when the run ended',
    'rows that changed after their page was read: each key was compared at some moment between start and end of its shard, not all at one moment',
    'that every event reached its consumer: it says that the broker or file accepted them before the counts were written',
    ...(header?.spec.allowSame
      ? ['that two databases were compared: the spec allows a table to be compared with itself']
      : []),
    ...(header?.servers ? [] : ['which servers were compared: they were not asked']),
    ...SIDES.flatMap((side) => {
      const position = header?.servers?.[side].position;
      return position && 'missing' in position
        ? [`where the history of the ${side} stood when the run was planned: ${position.missing}`]
        : [];
    }),
    ...(header?.spec.changedSince
      ? [
          `rows that did not change since ${changedFrom(header.spec.changedSince)} UTC, rows that changed without a new update time, and rows that were deleted: they were not compared`,
        ]
      : []),
    ...(header && isRecheck(header.spec)
      ? [
          `anything but the known differences of run ${header.spec.basedOn?.runId}, and of those only the ones that were kept: no range was read`,
        ]
      : []),
    ...of(
      tables,
      'that inherited shards are still as they were then',
      ({ name, inherited }) => inherited && `${name} (${timesOf(inherited)})`,
    ),
    ...of(
      tables,
      'tables that were refused',
      (table) => table.refusal && `${table.name} (${table.refusal.code})`,
    ),
    ...of(tables, 'tables that were altered meanwhile', (table) => table.changed && table.name),
    ...of(compared, 'rows outside the predicates', (table) => table.where && table.name),
    ...of(compared, 'columns that were left out', leftOutOf),
    ...ruled(counts, compared),
    ...(counts.planted === 0
      ? ['that the comparison finds differences: no row was compared to plant one in']
      : []),
    ...(header && header.spec.strategy !== 'exact'
      ? [`rows that digests of 64 bits a row took for equal by chance (strategy ${header.spec.strategy})`]
      : []),
    ...(footer && footer.verdict !== 'consistent'
      ? incomplete(footer.totals.map(({ shards }) => shards))
      : []),
  ];
}

function of(
  tables: readonly CertificateTable[],
  what: string,
  name: (table: CertificateTable) => string | null | undefined | false,
): string[] {
  const names = tables.map(name).filter((one): one is string => typeof one === 'string');
  if (names.length === 0) return [];
  const more = names.length - NAMED_MAX;
  return [`${what}: ${[...names.slice(0, NAMED_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join(', ')}`];
}

function timesOf({ shards, from, to }: InheritedShards): string {
  const [begin, end] = [from, to].map((time) => new Date(time).toISOString());
  return `${many(shards, 'shard', 'shards')}, compared from ${begin} to ${end}`;
}

function leftOutOf({ name, leftOut }: CertificateTable): string | undefined {
  const columns = [...new Set(SIDES.flatMap((side) => leftOut[side]))];
  return columns.length > 0
    ? `${name} (${columns.slice(0, NAMED_MAX).join(', ')}${columns.length > NAMED_MAX ? ', …' : ''})`
    : undefined;
}

function ruled(counts: VerifiedCertificate['counts'], tables: readonly CertificateTable[]): string[] {
  const rules = [...new Set(tables.flatMap((table) => table.rules))];
  if (rules.length === 0) return [];
  const { equalByJson, equalByNegativeZero, equalByFloatWidth, equalBySetOrder } = counts;
  const rows = equalByJson + equalByNegativeZero + equalByFloatWidth + equalBySetOrder;
  return [
    `that bytes are equal where a rule says that values are (${rules.join(', ')}): ${many(rows, 'row was', 'rows were')} equal by rule`,
  ];
}

function incomplete(shards: readonly { readonly open: number; readonly inconclusive: number }[]): string[] {
  const open = shards.reduce((sum, tally) => sum + tally.open, 0);
  const inconclusive = shards.reduce((sum, tally) => sum + tally.inconclusive, 0);
  return open + inconclusive > 0
    ? [`the ranges of ${many(open + inconclusive, 'shard that has', 'shards that have')} no result`]
    : [];
}

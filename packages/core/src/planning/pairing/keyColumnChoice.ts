/** One column of a key: its kind, and whether both servers sort by it alike. */
import type { KeyColumn, KeyKind } from '@rowparity/contracts';
import type { CatalogColumn } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';
import { isNumbered } from './columnRule.ts';

export interface ChosenKeyColumn extends Omit<KeyColumn, 'column'> {
  /** Of the base. */
  readonly name: string;
}

export type KeyColumnChoice =
  | { readonly kind: 'ordered'; readonly column: ChosenKeyColumn }
  /** It tells rows apart, but the servers sort by it differently. */
  | { readonly kind: 'unordered'; readonly column: ChosenKeyColumn; readonly why: string }
  | { readonly kind: 'unusable'; readonly why: string };

export function keyColumn({ base, target }: Sides<CatalogColumn | undefined>, name: string): KeyColumnChoice {
  if (!base || !target) return { kind: 'unusable', why: `column ${name} is missing on one side` };
  if (base.isNullable || target.isNullable) return { kind: 'unusable', why: `column ${name} can be NULL` };
  const [kind, other] = [base.keyKind, target.keyKind];
  if (!kind || !other) {
    const type = kind ? target.type : base.type;
    return { kind: 'unusable', why: `column ${name} has type ${type}, which cannot be part of a key` };
  }
  if (isNumbered({ base, target })) return { kind: 'ordered', column: { name, kind: 'integer' } };
  if (isDigits(base) && isDigits(target)) {
    return { kind: 'ordered', column: { name, kind: kind === other ? kind : 'decimal' } };
  }
  const why = orderProblem({ base, target }, name);
  if (why === undefined) return { kind: 'ordered', column: orderedColumn({ base, target }, { name, kind }) };
  // Compared as text, also where it is stored otherwise.
  const hasText = [base, target].some(({ charset }) => charset !== null);
  return { kind: 'unordered', column: { name, kind: hasText ? 'text' : kind }, why };
}

function orderedColumn(
  { base, target }: Sides<CatalogColumn>,
  { name, kind }: { readonly name: string; readonly kind: KeyKind },
): ChosenKeyColumn {
  if (kind !== 'text' || base.collation === null || target.collation === null) return { name, kind };
  return { name, kind, collations: { base: base.collation, target: target.collation } };
}

/**
 * What makes the two sides sort their keys differently. Collations that nearly agree do not help: a boundary between
 * two shards may then go backwards on one side, and rows would be counted twice.
 */
function orderProblem({ base, target }: Sides<CatalogColumn>, name: string): string | undefined {
  if (base.sortedAs !== target.sortedAs) {
    if (base.collation === target.collation) {
      return `column ${name} is sorted by ${base.collation}, which MySQL and MariaDB order differently`;
    }
    const [a, b] = [base.collation ?? 'no collation', target.collation ?? 'no collation'];
    return `column ${name} sorts differently on the two sides (${a} and ${b})`;
  }
  const isOneKind = base.keyKind === target.keyKind;
  const hasOwnOrder = base.hasOwnOrder || target.hasOwnOrder;
  if (isOneKind && (!hasOwnOrder || base.type === target.type)) return undefined;
  return `column ${name} is ${base.type} on the base and ${target.type} on the target`;
}

function isDigits({ keyKind, hasOwnOrder }: CatalogColumn): boolean {
  return (keyKind === 'integer' || keyKind === 'decimal') && !hasOwnOrder;
}

/** The key of an event's row, in the form that rows are read by: the opposite of what eventOf writes. */
import { encodedText, type InconsistentEvent, type KeyTuple, type TablePlan } from '@rowparity/contracts';
import { hasMembers, memberNumber } from '../keys/memberNames.ts';

/** Undefined for an event that has no key, or one of other columns than the plan's. */
export function keyOfEvent(plan: TablePlan, { ID, Key }: InconsistentEvent): KeyTuple | undefined {
  if (plan.key.length === 0) return undefined;
  if (!Key) return ID === undefined || plan.key.length > 1 ? undefined : [String(ID)];
  const parts = plan.key.map(({ column, kind }) => {
    const { names, types } = plan.columns[column] ?? { names: { base: '' }, types: { base: '' } };
    const value = Key[names.base];
    if (value === undefined) return undefined;
    if (typeof value === 'object')
      return kind === 'binary' ? value.hex : encodedText(Buffer.from(value.hex, 'hex'));
    if (typeof value === 'string' && hasMembers(types.base))
      return memberNumber(types.base, value)?.toString();
    return String(value);
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** The ports of a shard, admitted and charged by the budget of the servers. */
import type { Clock } from '@rowparity/contracts';
import { budgetedChanges, budgetedPages, chargedPoints } from '../budgeting/budgetedReaders.ts';
import type { ShardDeps } from '../shards/shardWork.ts';
import { mapSides } from '../sides/sides.ts';

/** Waiting for a budget is no slowness. */
export function workClock({ budget, clock }: ShardDeps): Pick<Clock, 'steadyNow'> {
  return budget?.workClock ?? clock;
}

/** A shard that waits for something else holds no statement meanwhile. */
export function withinBudget(deps: ShardDeps): ShardDeps {
  const { budget } = deps;
  if (!budget) return deps;
  return {
    ...deps,
    clock: budget.clock,
    changed: deps.changed && mapSides(deps.changed, (reader, side) => budgetedChanges(reader, side, budget)),
    pages: mapSides(deps.pages, (reader, side) => budgetedPages(reader, side, budget)),
    points: mapSides(deps.points, (reader, side) => chargedPoints(reader, side, budget)),
  };
}

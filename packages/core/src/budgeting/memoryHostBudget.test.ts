import { hostBudgetConformance } from '../conformance/hostBudget.conformance.ts';
import { TurningClock } from '../testing/turningClock.ts';
import { MemoryHostBudget } from './memoryHostBudget.ts';

hostBudgetConformance('memory', async () => {
  const clock = new TurningClock();
  // Time passes also while no task sleeps.
  const passing = setInterval(() => clock.advance(50), 5);
  let budget: MemoryHostBudget | undefined;
  return {
    open: (signals) => {
      budget ??= new MemoryHostBudget({ clock, signals });
      return budget;
    },
    pauses: () => budget as MemoryHostBudget,
    cleanUp: async () => clearInterval(passing),
  };
});

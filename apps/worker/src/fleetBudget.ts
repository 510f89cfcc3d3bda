/** The budgets of the database servers, shared with all workers. */
import type { HostLimits } from '@rowparity/contracts';
import { type BudgetUse, type HostBudget, isLimited, type Throttle } from '@rowparity/core';
import { type openConnections, SqlHostSignals } from '@rowparity/mysql';
import { type connectRedis, createRedisHostBudget, type RedisOutage } from '@rowparity/redis';
import { type Config, hostLimits, type Log, systemClock } from '@rowparity/runtime';
import { ThrottleLog } from './throttleLog.ts';

export interface FleetBudgetInput {
  readonly settings: {
    readonly config: Config<typeof hostLimits>;
    /** By the names of the connections. */
    readonly connections: ReadonlyMap<string, unknown>;
  };
  readonly connections: ReturnType<typeof openConnections>;
  readonly redis: ReturnType<typeof connectRedis>;
  readonly log: Log;
  readonly outage: RedisOutage;
  readonly metrics: {
    onThrottle(throttle: Throttle): void;
    readonly throttled: { timed(budget: HostBudget): HostBudget };
  };
}

/** Undefined where no connection has limits: then no shard asks Redis. */
export function fleetBudget(input: FleetBudgetInput): BudgetUse | undefined {
  const { settings, connections, redis, log, outage, metrics } = input;
  const common = limitsIn(settings.config);
  const limitsOf = (ref: string) => ({ ...common, ...connections.limits(ref) });
  if (![...settings.connections.keys()].some((ref) => isLimited(limitsOf(ref)))) return undefined;
  const { onThrottle } = new ThrottleLog(log, systemClock);
  return {
    limitsOf,
    budget: metrics.throttled.timed(
      createRedisHostBudget({
        redis,
        clock: systemClock,
        signals: new SqlHostSignals({ openSession: connections.session }),
        onError: (error) => outage.tell(error, 'budget'),
      }),
    ),
    onWait(throttle) {
      metrics.onThrottle(throttle);
      onThrottle(throttle);
    },
  };
}

/** They hold for every server whose connection does not say otherwise. */
function limitsIn(config: Config<typeof hostLimits>): HostLimits {
  const names = Object.keys(hostLimits) as readonly (keyof HostLimits)[];
  return Object.fromEntries(names.map((name) => [name, config[name]]));
}

/**
 * The servers of a run and their limits. The server itself said, when the run was planned, which one a connection leads
 * to.
 */
import type { HostLimits, ServerIdentity } from '@rowparity/contracts';
import type { BudgetHost } from '../ports/hostBudget.ts';
import { mapSides, SIDES, type Sides } from '../sides/sides.ts';
import { isLimited, strictest } from './limits.ts';

type Identity = Pick<ServerIdentity, 'uuid' | 'serverId' | 'host' | 'port'>;

export interface HostsInput {
  readonly connections: Sides<string>;
  /** Absent where the run was planned without asking them. */
  readonly servers: Sides<Identity> | undefined;
  limitsOf(connection: string): HostLimits;
}

/** Undefined for a server without limits. Two connections to one server have the limits of both. */
export function budgetHosts({ connections, servers, limitsOf }: HostsInput): Sides<BudgetHost | undefined> {
  const hosts = mapSides(connections, (connection, side) => ({
    ...hostOf(servers?.[side], connection),
    connection,
    limits: limitsOf(connection),
  }));
  const isOne = hosts.base.id === hosts.target.id;
  const limited = SIDES.map((side) => hosts[side]).find(({ limits }) => isLimited(limits));
  return mapSides(hosts, (host) => {
    if (!isOne) return isLimited(host.limits) ? host : undefined;
    return limited && { ...limited, limits: strictest(hosts.base.limits, hosts.target.limits) };
  });
}

/** Where the server did not tell, the connection stands for it. */
export function hostOf(server: Identity | undefined, connection: string): Pick<BudgetHost, 'id' | 'name'> {
  if (!server) return { id: `connection ${connection}`, name: connection };
  const { uuid, serverId, host, port } = server;
  const name = `${host}:${port}`;
  // MariaDB has no uuid.
  return { id: uuid ?? `${serverId} at ${name}`, name };
}

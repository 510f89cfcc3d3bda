/** Looks at one server alone: login, TLS, version, session, connections and privileges. */
import { type Failure, Fault, type Finding, failureOf } from '@rowparity/contracts';
import { loginFinding, serverFindings } from '@rowparity/core';
import { type ConnectionTarget, openConnections, readServerFacts } from '@rowparity/mysql';
import { systemClock } from '@rowparity/runtime';
import type { Place } from '../connecting/connectionOptions.ts';

/** The heading of its findings says where a server is. */
export function withoutPlace({ code, message }: Failure, place: string): Failure {
  return { code, message: message.startsWith(`${place}: `) ? message.slice(place.length + 2) : message };
}

export interface ServerQuestion {
  readonly place: Place;
  readonly target: ConnectionTarget;
  /** Sessions that a run would hold there. */
  readonly sessions: number;
}

export async function diagnoseServer({
  place,
  target,
  sessions,
}: ServerQuestion): Promise<readonly Finding[]> {
  const connections = openConnections(new Map([[place.toUpperCase(), target]]), { idleMax: 1 });
  const { signal } = new AbortController();
  try {
    const session = await connections.session(place, target.statementMs);
    try {
      const asked = { target, link: connections.link(place), clock: systemClock };
      const facts = await readServerFacts(session, asked, signal);
      return serverFindings(place, facts, { sessions, hasPattern: true, database: target.database });
    } finally {
      await session.end();
    }
  } catch (error) {
    if (error instanceof Fault) {
      const failure = withoutPlace(failureOf(error), connections.pool(place).place);
      return [loginFinding(place, failure, target)];
    }
    throw error;
  } finally {
    await connections.close();
  }
}

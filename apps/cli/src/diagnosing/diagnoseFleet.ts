/** Looks at the services: whether they answer with the token, and what the coordinator sees of Redis and Kafka. */
import { type CallOptions, type RowparityClient, RowparityError } from '@rowparity/client';
import { COORDINATOR_ROUTES, type Finding, REPORTER_ROUTES } from '@rowparity/contracts';
import { type Addresses, openClient } from '../services/openClient.ts';

/** A service that is there answers at once. */
const QUICK: CallOptions = { deadlineMs: 5000, attemptMs: 5000 };
/** The coordinator gives each of its servers some seconds. */
const PATIENT: CallOptions = { deadlineMs: 60_000, attemptMs: 60_000 };

export async function diagnoseFleet(addresses: Required<Addresses>): Promise<readonly Finding[]> {
  const client = openClient(addresses, { isQuiet: true });
  const [coordinator, reporter] = await Promise.all([
    asked('coordinator', addresses, () => client.askCoordinator(COORDINATOR_ROUTES.getBacklog, {}, QUICK)),
    asked('reporter', addresses, () =>
      client.askReporter(REPORTER_ROUTES.listReportedRuns, { query: { limit: '1' } }, QUICK),
    ),
  ]);
  const seen = coordinator.level === 'ok' ? await seenByCoordinator(client) : [];
  return [coordinator, reporter, ...seen];
}

async function seenByCoordinator(client: RowparityClient): Promise<readonly Finding[]> {
  try {
    return (await client.askCoordinator(COORDINATOR_ROUTES.getDoctor, {}, PATIENT)).findings;
  } catch (error) {
    if (!(error instanceof RowparityError)) throw error;
    const message = `it cannot tell what it sees of Redis, Kafka and the databases: ${error.message}`;
    return [{ subject: 'services', check: 'coordinator', level: 'error', message }];
  }
}

async function asked(
  service: 'coordinator' | 'reporter',
  addresses: Required<Addresses>,
  ask: () => Promise<unknown>,
): Promise<Finding> {
  const common = { subject: 'services', check: service } as const;
  try {
    await ask();
    return { ...common, level: 'ok', message: `answers at ${addresses[service]}` };
  } catch (error) {
    if (!(error instanceof RowparityError)) throw error;
    return { ...common, level: 'error', message: error.message, ...remedyOf(error, service) };
  }
}

function remedyOf({ code }: RowparityError, service: string): { readonly remedy?: string } {
  if (code === 'unreachable') return { remedy: `Start it, or name another with --${service}.` };
  if (code === 'token_needed') {
    return { remedy: 'Set ROWPARITY_HTTP_TOKEN here to the token of the services.' };
  }
  return {};
}

/** Asks a service of Rowparity over HTTP, and turns its refusals into words. */
import { UsageError } from './usageError.ts';

const ANSWER_MS_MAX = 30_000;

interface Refusal {
  readonly message?: string;
  readonly problems?: readonly { readonly path: string; readonly message: string }[];
}

export interface Question {
  readonly service: 'coordinator' | 'reporter';
  readonly base: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
}

export async function askService(question: Question): Promise<unknown> {
  const { service, base, path, method = 'GET', body } = question;
  const url = addressOf(base, path);
  const token = process.env.ROWPARITY_HTTP_TOKEN;
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body === undefined ? {} : { body }),
    });
  } catch (cause) {
    throw new UsageError(`no ${service} answers at ${base}. Start it, or name another with --${service}.`, {
      cause,
    });
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { message, problems = [] } = answer as Refusal;
  const lines = problems.map((problem) => `\n  ${problem.path}: ${problem.message}`).join('');
  throw new UsageError(`${message ?? `the ${service} answered ${response.status}`}${lines}`);
}

function addressOf(base: string, path: string): URL {
  try {
    return new URL(path, base);
  } catch {
    throw new UsageError(`expected an address such as http://127.0.0.1:8080, found "${base}".`);
  }
}

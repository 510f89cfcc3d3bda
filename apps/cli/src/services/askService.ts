/** Asks a service of Rowparity over HTTP, and turns its refusals into words. */
import { printable } from '@rowparity/contracts';
import { processVariable } from '@rowparity/runtime';
import { UsageError } from '../usage/usageError.ts';

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
  const response = await ask(question, AbortSignal.timeout(ANSWER_MS_MAX));
  if (!response.ok) throw await refusalOf(response, question);
  return response.json().catch(() => ({}));
}

/** The answer as it comes: it may be large, and take long. A connection that breaks is thrown while it is read. */
export async function streamFromService(question: Question): Promise<AsyncIterable<Uint8Array>> {
  const begun = new AbortController();
  const timer = setTimeout(() => begun.abort(), ANSWER_MS_MAX);
  const response = await ask(question, begun.signal).finally(() => clearTimeout(timer));
  if (!response.ok) throw await refusalOf(response, question);
  return response.body ?? new ReadableStream();
}

async function ask(question: Question, signal: AbortSignal): Promise<Response> {
  const { service, base, path, method = 'GET', body } = question;
  const url = addressOf(base, path);
  const token = processVariable('ROWPARITY_HTTP_TOKEN');
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const content = body === undefined ? {} : { body };
  return fetch(url, { method, signal, headers, ...content }).catch((cause: unknown) => {
    throw new UsageError(`no ${service} answers at ${base}. Start it, or name another with --${service}.`, {
      cause,
    });
  });
}

async function refusalOf(response: Response, { service }: Question): Promise<UsageError> {
  const answer: unknown = await response.json().catch(() => ({}));
  const { message, problems = [] } = answer as Refusal;
  const lines = problems.map(({ path, message: what }) => `\n  ${printable(path)}: ${printable(what)}`);
  const first = printable(message ?? `the ${service} answered ${response.status}`);
  return new UsageError(`${first}${lines.join('')}`);
}

function addressOf(base: string, path: string): URL {
  try {
    return new URL(path, base);
  } catch {
    throw new UsageError(`expected an address such as http://127.0.0.1:8080, found "${base}".`);
  }
}

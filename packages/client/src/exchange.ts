/** One question and its answer over HTTP. Nothing is tried again here. */
import { type HttpError, type HttpRoute, httpError } from '@rowparity/contracts';
import { RowparityError } from './rowparityError.ts';

/** A report of a thousand tables has some megabytes. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Between two parts of a stream. */
const SILENCE_MS_MAX = 60_000;
const MESSAGE_CHARACTERS_MAX = 2000;

export interface Place {
  readonly service: 'coordinator' | 'reporter';
  readonly base: string;
  readonly token?: string | undefined;
}

export interface SomeQuestion {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

export function addressOf(
  { base, service }: Place,
  { path }: HttpRoute,
  { params = {}, query = {} }: SomeQuestion,
): URL {
  const filled = path.replaceAll(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
  if (!URL.canParse(filled, base) || !/^https?:/.test(base)) {
    const message = `The address of the ${service} is "${base}", expected one such as http://127.0.0.1:8080.`;
    throw new RowparityError({ code: 'bad_address', message });
  }
  const url = new URL(filled, base);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** Rejects when no answer begins: the fault of the network, or the reason of the signal. */
export function sendTo(
  place: Place,
  route: HttpRoute,
  sent: {
    readonly question: SomeQuestion;
    readonly signal: AbortSignal;
    readonly traceparent?: string | undefined;
  },
) {
  const { question, signal, traceparent } = sent;
  const body = question.body === undefined ? {} : { body: JSON.stringify(question.body) };
  return fetch(addressOf(place, route, question), {
    ...body,
    method: route.method,
    signal,
    // A token is for the address that it was given with.
    redirect: 'manual',
    headers: {
      ...(question.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(place.token ? { authorization: `Bearer ${place.token}` } : {}),
    },
  });
}

/** The document of a good answer. Throws the fault of the network when the answer breaks off. */
export async function documentOf(response: Response, route: HttpRoute, place: Place): Promise<unknown> {
  const text = await textOf(response, place);
  const answer = route.answers[response.status];
  if (!answer || 'codes' in answer) throw unexpected(place, response.status, 'no answer of this route');
  if ('empty' in answer) return undefined;
  if ('media' in answer || 'file' in answer) return text;
  const read = answer.schema.safeParse(jsonOf(text));
  if (read.success) return read.data;
  const { path: at = [], message = '' } = read.error.issues[0] ?? {};
  throw unexpected(place, response.status, `${at.join('.') || 'the document'}: ${message}`);
}

/** The refusal of the service; undefined when the answer is not in the shape of one. */
export async function refusalOf(response: Response, place: Place): Promise<RowparityError | undefined> {
  const read = httpError.safeParse(jsonOf(await textOf(response, place)));
  if (!read.success) return undefined;
  const { error: code, message, problems }: HttpError = read.data;
  const told = { status: response.status, message: message.slice(0, MESSAGE_CHARACTERS_MAX) };
  return new RowparityError({ ...told, code, problems });
}

export function unexpected({ service, base }: Place, status: number, found: string): RowparityError {
  const message = `The ${service} at ${base} answered ${status} with what this version does not know (${found}). Check the address, and use the client of the service's version.`;
  return new RowparityError({ code: 'unexpected_answer', status, message });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function textOf({ body, status }: Response, place: Place): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > ANSWER_BYTES_MAX) throw unexpected(place, status, `more than ${ANSWER_BYTES_MAX} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The parts as they come, not held. Throws `stream_broken` when the connection breaks or falls silent. */
export async function* partsOf(
  response: Response,
  place: Place,
  { end, signal }: { readonly end: AbortController; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => end.abort(new Error(`nothing came for ${SILENCE_MS_MAX / 1000} s`)),
      SILENCE_MS_MAX,
    );
  };
  try {
    listen();
    for await (const part of response.body ?? []) {
      clearTimeout(timer);
      yield part;
      listen();
    }
  } catch (cause) {
    signal.throwIfAborted();
    const message = `The answer of the ${place.service} at ${place.base} broke off: what came is not the whole. Ask again.`;
    throw new RowparityError({ code: 'stream_broken', message, cause });
  } finally {
    clearTimeout(timer);
  }
}

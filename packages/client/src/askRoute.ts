/** Asks a route of a service until it answers, or the deadline has passed. Every route may be asked twice. */
import type { HttpDocument, HttpQuestion, HttpRoute } from '@rowparity/contracts';
import {
  addressOf,
  documentOf,
  type Place,
  partsOf,
  refusalOf,
  type SomeQuestion,
  sendTo,
  unexpected,
} from './exchange.ts';
import { type Attempted, retrying, type Transient } from './retrying.ts';
import { RowparityError } from './rowparityError.ts';

export interface CallOptions {
  /** Aborts the call; it then throws the reason of the signal. */
  readonly signal?: AbortSignal;
  /** For the call with all its attempts, in milliseconds. */
  readonly deadlineMs?: number;
  /** Of one attempt, in milliseconds. */
  readonly attemptMs?: number;
  /** Header of W3C Trace Context: the trace of an order goes on to the events of its run. */
  readonly traceparent?: string;
}

export interface AskOptions extends CallOptions {
  readonly deadlineMs: number;
  /** One attempt, in milliseconds. */
  readonly attemptMs: number;
  readonly onTransient: ((error: RowparityError) => void) | undefined;
}

const SECOND_MS = 1000;
const NOT_FOUND = 404;

export async function askRoute<Route extends HttpRoute>(
  {
    place,
    route,
    question,
  }: { readonly place: Place; readonly route: Route; readonly question: HttpQuestion<Route> },
  options: AskOptions,
): Promise<HttpDocument<Route>> {
  const asked = question as SomeQuestion;
  // What cannot be asked is not tried.
  addressOf(place, route, asked);
  return retrying<HttpDocument<Route>>(
    (number, leftMs) =>
      attempt(place, options, async (signal) => {
        const limit = AbortSignal.timeout(Math.min(options.attemptMs, leftMs));
        const response = await sendTo(place, route, {
          question: asked,
          signal: AbortSignal.any([signal, limit]),
          traceparent: options.traceparent,
        });
        if (response.ok) return { kind: 'done', value: (await documentOf(response, route, place)) as never };
        // The first answer got lost, and what it told is done.
        if (number > 1 && isDeletion(route) && response.status === NOT_FOUND) {
          return { kind: 'done', value: undefined as never };
        }
        return refused(response, place);
      }),
    options,
  );
}

/** As `askRoute`, until the answer begins; then its parts come once. */
/** What it removes is gone then; a stop answers with what was stopped. */
function isDeletion({ method, answers }: HttpRoute): boolean {
  return method === 'DELETE' && Object.values(answers).some((answer) => 'empty' in answer);
}

export async function streamRoute<Route extends HttpRoute>(
  {
    place,
    route,
    question,
  }: { readonly place: Place; readonly route: Route; readonly question: HttpQuestion<Route> },
  options: AskOptions,
): Promise<AsyncIterable<Uint8Array>> {
  const asked = question as SomeQuestion;
  addressOf(place, route, asked);
  return retrying<AsyncIterable<Uint8Array>>(
    (_number, leftMs) =>
      attempt(place, options, async (signal) => {
        const end = new AbortController();
        const late = new DOMException('no answer in time', 'TimeoutError');
        const timer = setTimeout(() => end.abort(late), Math.min(options.attemptMs, leftMs));
        try {
          const both = AbortSignal.any([signal, end.signal]);
          const response = await sendTo(place, route, { ...options, question: asked, signal: both });
          if (response.ok) return { kind: 'done', value: partsOf(response, place, { end, signal }) };
          return await refused(response, place);
        } finally {
          clearTimeout(timer);
        }
      }),
    options,
  );
}

const NEVER = new AbortController().signal;

async function attempt<T>(
  { service, base }: Place,
  { signal = NEVER }: CallOptions,
  exchange: (signal: AbortSignal) => Promise<Attempted<T>>,
): Promise<Attempted<T>> {
  try {
    return await exchange(signal);
  } catch (cause) {
    signal.throwIfAborted();
    if (!isOfNetwork(cause)) throw cause;
    const message = `No ${service} answers at ${base} (${reasonOf(cause)}).`;
    return { kind: 'transient', error: new RowparityError({ code: 'unreachable', message, cause }) };
  }
}

/** The service is busy, restarts, or a proxy before it does: the question may be asked again. */
async function refused(response: Response, place: Place): Promise<Transient> {
  const { status } = response;
  const isTransient = status === 408 || status === 429 || status >= 500;
  const refusal = await refusalOf(response, place);
  if (!isTransient) throw refusal ?? unexpected(place, status, 'no refusal of Rowparity');
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const rest = Number.isFinite(seconds) && seconds > 0 ? { restMs: seconds * SECOND_MS } : {};
  const message = `The ${place.service} at ${place.base} answered ${status}.`;
  const error = refusal ?? new RowparityError({ code: 'unreachable', status, message });
  return { kind: 'transient', error, ...rest };
}

/** What fetch throws of a connection or of our own limit of time. Any other error is a refusal or a bug. */
function isOfNetwork(error: unknown): boolean {
  if (error instanceof DOMException) return error.name === 'TimeoutError';
  return error instanceof TypeError && (error.message === 'fetch failed' || error.message === 'terminated');
}

/** Of fetch's nested errors the innermost has the code of the socket. */
function reasonOf(error: unknown): string {
  const { cause, code, name, message } = error as Error & { readonly code?: unknown };
  if (cause instanceof Error) return reasonOf(cause);
  if (name === 'TimeoutError') return 'no answer in time';
  return typeof code === 'string' ? code : message;
}

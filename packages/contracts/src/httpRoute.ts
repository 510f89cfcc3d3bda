/**
 * What a route of HTTP is: how it is asked, and every answer that it gives. A service registers its routes from these,
 * the OpenAPI document is made of them, and the client asks by them.
 */
import type { z } from 'zod';
import type { HttpErrorCode } from './httpError.ts';

/** A change of any route that a client can notice needs a new one. */
export const HTTP_API_VERSION = 1;

/** `open`: probes, which have no token. `metrics`: the token of the metrics or of the service. `token`: all else. */
export type HttpAccess = 'open' | 'metrics' | 'token';

export type HttpAnswer =
  /** A JSON document. */
  | { readonly description: string; readonly schema: z.ZodType }
  /** A text, which may be long and come in parts. */
  | {
      readonly description: string;
      readonly media:
        | 'text/plain; version=0.0.4'
        | 'text/plain'
        | 'application/x-ndjson'
        | 'text/event-stream';
    }
  /** A file of the web page; its type is that of the file. */
  | { readonly description: string; readonly file: true }
  /** A refusal with one of these codes. */
  | { readonly description: string; readonly codes: readonly [HttpErrorCode, ...HttpErrorCode[]] }
  /** No body. */
  | { readonly description: string; readonly empty: true };

export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parameters as in `/v1/runs/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly access: HttpAccess;
  /** One schema for each `:name` of the path. */
  readonly params?: z.ZodObject;
  /** Left out, a query is refused. Its values are texts. */
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The code of a body that the schema refuses; `invalid_body` when left out. */
  readonly bodyError?: HttpErrorCode;
  /** By status. `sharedAnswers` adds those that every such route gives. */
  readonly answers: Readonly<Record<number, HttpAnswer>>;
}

/** By the name of the operation. */
export type HttpRoutes = Readonly<Record<string, HttpRoute>>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: DeepReadonly<T[Name]> }
    : T;

type ContentOf<Answer> = Answer extends { readonly schema: infer Schema extends z.ZodType }
  ? { readonly body: DeepReadonly<z.output<Schema>> }
  : Answer extends { readonly codes: readonly (infer Code)[] }
    ? { readonly body: { readonly error: Code; readonly message: string; readonly problems?: Problems } }
    : Answer extends { readonly media: string }
      ? { readonly text: string | AsyncIterable<string> }
      : Answer extends { readonly file: true }
        ? { readonly file: HttpFile }
        : { readonly body?: never };

export interface HttpFile {
  readonly media: string;
  readonly bytes: Uint8Array;
  /** The same bytes, compressed with gzip. */
  readonly gzipped: Uint8Array;
  /** Of the content, with its quotation marks. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Problems = readonly { readonly path: string; readonly message: string }[];

/** What a handler of the route may answer. */
export type HttpReply<Route extends HttpRoute> = {
  [Status in keyof Route['answers']]: { readonly status: Status } & ContentOf<Route['answers'][Status]>;
}[keyof Route['answers']];

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler of the route is given: everything is checked. */
export interface HttpInput<Route extends HttpRoute> {
  readonly params: Parsed<Route['params']>;
  readonly query: Parsed<Route['query']>;
  readonly body: Parsed<Route['body']>;
  /** Aborted when the client has gone, or has its answer. */
  readonly signal: AbortSignal;
  /** Of the request's header, where it has one as W3C Trace Context asks. */
  readonly traceparent?: string | undefined;
}

type Given<Schema> = Schema extends z.ZodType ? z.input<Schema> : never;
type OneGiven<Name extends string, Schema> = [Given<Schema>] extends [never]
  ? unknown
  : { readonly [Key in Name]: DeepReadonly<Given<Schema>> };

/** What a client gives to ask for the route. */
export type HttpQuestion<Route extends HttpRoute> = OneGiven<'params', Route['params']> &
  ([Given<Route['query']>] extends [never]
    ? unknown
    : { readonly query?: DeepReadonly<Given<Route['query']>> }) &
  OneGiven<'body', Route['body']>;

/** The document that a client gets when the route does what it is for. */
export type HttpDocument<Route extends HttpRoute> = {
  [Status in keyof Route['answers']]: Route['answers'][Status] extends {
    readonly schema: infer Schema extends z.ZodType;
  }
    ? z.output<Schema>
    : never;
}[keyof Route['answers']];

/** The answers that a route gives because of what it asks for, beside its own. */
function sharedAnswers({ access, params, body, bodyError }: HttpRoute): Record<number, HttpAnswer> {
  if (access === 'open') return {};
  const bad: [HttpErrorCode, ...HttpErrorCode[]] = ['bad_request', 'bad_parameter'];
  if (body) bad.push('bad_json', bodyError ?? 'invalid_body');
  const length = params ? { 414: refusal('A parameter of the path is too long.', 'bad_parameter') } : {};
  const content = body
    ? {
        413: refusal('The body is larger than the service takes.', 'body_too_large'),
        415: refusal('The body is not JSON.', 'media_type_unsupported'),
      }
    : {};
  return {
    400: refusal('The request is not valid; `problems` names every place.', ...bad),
    401: refusal('The service wants its token: `Authorization: Bearer …`.', 'token_needed'),
    ...length,
    ...content,
    429: refusal(
      'Too many requests, or wrong tokens, from this address; `Retry-After` tells when to ask again.',
      'too_many_requests',
      'too_many_wrong_tokens',
    ),
    503: refusal('The service cannot answer now: its log tells why. Ask again later.', 'unavailable'),
  };
}

/** Every answer of the route by status; of two for one status, the codes of both. */
export function answersOf(route: HttpRoute): ReadonlyMap<number, HttpAnswer> {
  const all = new Map<number, HttpAnswer>();
  for (const answers of [route.answers, sharedAnswers(route)]) {
    for (const [status, answer] of Object.entries(answers)) {
      const own = all.get(Number(status));
      all.set(Number(status), own === undefined ? answer : bothOf(own, answer));
    }
  }
  return new Map([...all].sort(([a], [b]) => a - b));
}

function bothOf(own: HttpAnswer, shared: HttpAnswer): HttpAnswer {
  if (!('codes' in own) || !('codes' in shared)) return own;
  const codes = new Set([...own.codes, ...shared.codes]);
  return refusal(`${own.description} ${shared.description}`, ...([...codes] as [HttpErrorCode]));
}

export function refusal<const Codes extends readonly [HttpErrorCode, ...HttpErrorCode[]]>(
  description: string,
  ...codes: Codes
): { readonly description: string; readonly codes: Codes } {
  return { description, codes };
}

/** Registers the routes of a contract: checks what came, and gives a handler only what its route allows. */
import { Readable } from 'node:stream';
import {
  type HttpFile,
  type HttpInput,
  type HttpReply,
  type HttpRoute,
  type HttpRoutes,
  printable,
  readTraceparent,
  specProblems,
} from '@rowparity/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { HttpRefusal } from './httpRefusals.ts';

const NAME_CHARACTERS_MAX = 100;
const EVENT_STREAM = 'text/event-stream';

/** One for each route; the compiler wants all of them. */
export type HttpHandlers<Routes extends HttpRoutes> = {
  readonly [Name in keyof Routes]: (
    input: HttpInput<Routes[Name]>,
  ) => Promise<HttpReply<Routes[Name]>> | HttpReply<Routes[Name]>;
};

interface SomeReply {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string | AsyncIterable<string>;
  readonly file?: HttpFile;
}

type SomeHandler = (input: Record<keyof HttpInput<HttpRoute>, unknown>) => Promise<SomeReply> | SomeReply;

export function serveRoutes<Routes extends HttpRoutes>(
  app: FastifyInstance,
  routes: Routes,
  handlers: NoInfer<HttpHandlers<Routes>>,
): void {
  for (const [name, route] of Object.entries(routes)) {
    const handle = handlers[name] as unknown as SomeHandler;
    app.route({
      method: route.method,
      url: route.path,
      async handler(request, reply) {
        const read = readRequest(route, request);
        if ('refusal' in read) return reply.code(read.refusal.status).send(read.refusal.body);
        const answer = await handle({
          ...read.input,
          signal: signalOf(reply),
          traceparent: traceOf(request),
        });
        return send(route, answer, reply);
      },
    });
  }
}

type Read =
  | { readonly refusal: HttpRefusal }
  | { readonly input: { readonly params: unknown; readonly query: unknown; readonly body: unknown } };

function readRequest({ params, query, body, bodyError }: HttpRoute, request: FastifyRequest): Read {
  const places = params?.safeParse(request.params);
  if (places?.error) return badParameter('The path is not valid', places.error);
  const asked = query?.safeParse(request.query);
  if (asked?.error) return badParameter('The query is not valid', asked.error);
  const [surplus] = query ? [] : Object.keys(request.query as object);
  if (surplus !== undefined) return unknownParameter(surplus);
  const content = body?.safeParse(request.body);
  if (content?.error) {
    const error = bodyError ?? 'invalid_body';
    const what = error === 'invalid_spec' ? 'spec' : 'body';
    const message = `The ${what} is not valid; problems lists every place.`;
    return { refusal: { status: 400, body: { error, message, problems: problemsOf(content.error) } } };
  }
  return { input: { params: places?.data, query: asked?.data, body: content?.data } };
}

function badParameter(what: string, error: z.ZodError): Read {
  const problems = problemsOf(error);
  const message = `${what}: ${problems.map(({ path, message: why }) => `${path}: ${why}`).join('; ')}.`;
  return { refusal: { status: 400, body: { error: 'bad_parameter', message, problems } } };
}

function unknownParameter(name: string): Read {
  const problems = [
    { path: printable(name, NAME_CHARACTERS_MAX), message: 'unknown parameter; this path takes none' },
  ];
  const message = 'The query is not valid: this path takes no parameters behind "?". Leave them out.';
  return { refusal: { status: 400, body: { error: 'bad_parameter', message, problems } } };
}

function problemsOf(error: z.ZodError) {
  return [...specProblems(error)];
}

function traceOf({ headers: { traceparent } }: FastifyRequest): string | undefined {
  return typeof traceparent === 'string' && readTraceparent(traceparent) ? traceparent : undefined;
}

/** What a client asked for ends with its answer: also where it asked for the head of a text that has no end. */
function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort(new Error('the client has gone')));
  return gone.signal;
}

function send(route: HttpRoute, { status, body, text, file }: SomeReply, reply: FastifyReply) {
  const answer = route.answers[status];
  void reply.code(status);
  if (file) return sendFile(file, reply);
  if (text === undefined) return reply.send(body);
  if (answer && 'media' in answer) void reply.type(answer.media);
  // A stream that a proxy collects would come when it is too late.
  if (reply.getHeader('content-type') === EVENT_STREAM) {
    void reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  }
  return reply.send(typeof text === 'string' ? text : Readable.from(text));
}

/** A client that has the file is told so, and gets no bytes. */
function sendFile({ media, bytes, gzipped, etag, headers }: HttpFile, reply: FastifyReply) {
  const { 'if-none-match': known = '', 'accept-encoding': encodings = '' } = reply.request.headers;
  void reply.headers({ ...headers, etag, vary: 'accept-encoding' });
  if (known.split(/\s*,\s*/).includes(etag)) return reply.code(304).send();
  void reply.type(media);
  if (!/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(String(encodings))) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(gzipped);
}

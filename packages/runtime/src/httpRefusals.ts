/** Every refusal that comes from no handler, in the one shape of errors: what happened, to what, what to do. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type HttpError, type HttpErrorCode, printable } from '@rowparity/contracts';

/** A spec of a thousand tables with keys is well below this. */
export const BODY_BYTES_MAX = 1024 * 1024;
const MESSAGE_CHARACTERS_MAX = 2000;
const SHOWN_CHARACTERS_MAX = 100;

export interface HttpRefusal {
  readonly status: number;
  readonly body: HttpError;
}

export interface ThrownError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
}

/** The client gets the message of our own errors; the message of any other error stays in the log. */
const TOLD: Readonly<Record<string, HttpErrorCode>> = {
  RUN_UNREADABLE: 'run_unreadable',
  RUN_DAMAGED: 'run_damaged',
};

/** By fastify's code of the error. */
const REQUEST_ERRORS: Readonly<
  Record<string, { readonly status: number; readonly error: HttpErrorCode; readonly message: string }>
> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    error: 'body_too_large',
    message: `The body is longer than ${BODY_BYTES_MAX} bytes. Shorten it: a pattern in "tables" stands for many tables.`,
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    status: 400,
    error: 'bad_json',
    message: 'The body is not JSON, or has a field "__proto__". Check it, for example with jq.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    error: 'bad_json',
    message: 'The body is empty, expected JSON. Send it, or leave the header content-type out.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    error: 'bad_request',
    message: 'The body is not as long as content-length says. Send it whole.',
  },
  FST_ERR_BAD_URL: {
    status: 400,
    error: 'bad_request',
    message: 'The path is not valid: expected "%" to be followed by two hexadecimal digits of UTF-8.',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    status: 414,
    error: 'bad_parameter',
    message: 'A parameter of the path is too long: a run id has at most 100 characters.',
  },
};

/** Undefined: the error is none of the client's, and its text may hold anything. */
export function refusalOf(error: ThrownError, contentType: string | undefined): HttpRefusal | undefined {
  const { code = '', statusCode = 500 } = error;
  const told = TOLD[code];
  const message = printable(error.message, MESSAGE_CHARACTERS_MAX);
  if (told) return { status: 409, body: { error: told, message } };
  const known = REQUEST_ERRORS[code];
  if (known) return { status: known.status, body: { error: known.error, message: known.message } };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return notJson(contentType);
  if (statusCode === 429) return { status: 429, body: { error: 'too_many_requests', message } };
  if (statusCode >= 500) return undefined;
  return { status: statusCode, body: { error: 'bad_request', message } };
}

function notJson(contentType: string | undefined): HttpRefusal {
  const found = contentType === undefined ? 'none' : `"${printable(contentType, SHOWN_CHARACTERS_MAX)}"`;
  const message = `Expected the header content-type: application/json, found ${found}.`;
  return { status: 415, body: { error: 'media_type_unsupported', message } };
}

export interface AskedPath {
  readonly method: string;
  readonly url: string;
  /** Methods that the path has. */
  readonly allowed: readonly string[];
}

export function notThere({ method, url, allowed }: AskedPath): HttpRefusal {
  const path = printable(url.split('?')[0] ?? '', SHOWN_CHARACTERS_MAX);
  if (allowed.length > 0) {
    const message = `${path} takes ${allowed.join(', ')}, not ${method}. GET /openapi.json lists what there is.`;
    return { status: 405, body: { error: 'method_not_allowed', message } };
  }
  const message = `There is no path ${path} here. GET /openapi.json lists what there is.`;
  return { status: 404, body: { error: 'path_unknown', message } };
}

/** By Node's code of a request that is no HTTP. */
const BROKEN_REQUESTS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers or the path are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not come whole in time. Send it again.'],
};

/** What is no HTTP never reaches a route. */
export function refuseBroken(error: { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, message] = BROKEN_REQUESTS[error.code ?? ''] ?? [
    '400 Bad Request',
    'Expected a request of HTTP/1.1.',
  ];
  const body = JSON.stringify({ error: 'bad_request', message } satisfies HttpError);
  const { _httpMessage: begun } = socket as { readonly _httpMessage?: ServerResponse };
  if (!socket.writable || begun?.headersSent) {
    socket.destroy();
    return;
  }
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + body);
}

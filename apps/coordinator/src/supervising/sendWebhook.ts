/**
 * Sends one message to a webhook, signed as the Standard Webhooks specification has it. Redirects are not followed, for
 * the message is signed for one address; of an answer only the status counts, and little of its body is read.
 */
import { createHmac } from 'node:crypto';
import type { WebhookMessage } from '@rowparity/contracts';

export interface WebhookEndpoint {
  readonly url: string;
  /** The key of the signature. */
  readonly secret: string;
}

export interface SendInput {
  readonly endpoint: WebhookEndpoint;
  readonly message: WebhookMessage;
  readonly now: number;
  readonly signal: AbortSignal;
}

export interface Sent {
  readonly isTaken: boolean;
  /** For people; without the address, which may hold a key. */
  readonly told: string;
}

/** One attempt, from the connection to the end of the answer. */
const ATTEMPT_MS = 10_000;
const BODY_BYTES_MAX = 4096;

export async function sendWebhook({ endpoint, message, now, signal }: SendInput): Promise<Sent> {
  const body = JSON.stringify(message);
  const seconds = Math.floor(now / 1000);
  const limit = AbortSignal.timeout(ATTEMPT_MS);
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'rowparity',
        'webhook-id': message.id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': `v1,${signatureOf({ id: message.id, seconds, body }, endpoint.secret)}`,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit]),
    });
    await drain(response);
    return answered(response.status);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return { isTaken: false, told: `no answer within ${ATTEMPT_MS / 1000} s` };
    return { isTaken: false, told: `no answer: ${reasonOf(error)}` };
  }
}

interface Signed {
  readonly id: string;
  readonly seconds: number;
  readonly body: string;
}

function signatureOf({ id, seconds, body }: Signed, secret: string): string {
  return createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64');
}

function answered(status: number): Sent {
  if (status >= 200 && status < 300) return { isTaken: true, told: `taken with ${status}` };
  const isRedirect = status >= 300 && status < 400;
  return {
    isTaken: false,
    told: `refused with ${status}${isRedirect ? ', a redirect, which is not followed' : ''}`,
  };
}

/** The connection can be used again when the answer was short; a long one is cut. */
async function drain({ body }: Response): Promise<void> {
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) break;
  }
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as { readonly cause?: { readonly code?: unknown }; readonly name?: unknown };
  return String(cause?.code ?? name ?? 'unknown');
}

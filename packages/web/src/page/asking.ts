/**
 * Asks the reporter, with the token that the person gave. A page cannot send a token when it is opened, so the token is
 * asked for once and kept for the tab alone: in sessionStorage, which no other origin and no later session reads.
 */

const KEPT_AS = 'rowparity.token';

/** The reporter wants a token, or another one. */
export class TokenNeeded extends Error {}

export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEPT_AS, token);
}

export function hasToken(): boolean {
  return sessionStorage.getItem(KEPT_AS) !== null;
}

/** Throws TokenNeeded, Refused, or the TypeError of a network that does not answer. */
export async function ask(path: string, signal?: AbortSignal): Promise<Response> {
  const token = sessionStorage.getItem(KEPT_AS);
  const response = await fetch(path, {
    cache: 'no-store',
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(signal ? { signal } : {}),
  });
  if (response.ok) return response;
  const message = await messageOf(response);
  throw response.status === 401 ? new TokenNeeded(message) : new Refused(response.status, message);
}

export async function askJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, signal);
  return (await response.json()) as T;
}

/** Saves an answer as a file: a link cannot send the token. */
export async function download(path: string, name: string): Promise<void> {
  const response = await ask(path);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** A proxy in between may answer with anything. */
async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not JSON: the status is all there is to say.
  }
  return `The reporter answered with status ${response.status}.`;
}

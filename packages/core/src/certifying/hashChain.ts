/** Lines that are chained: the hash at the end of each covers the line itself and the hash of the one before. */
import { hash } from 'node:crypto';
import type { CertificateLine } from '@rowparity/contracts';

const SEALED = /^(\{.*),"sha256":"([0-9a-f]{64})"\}$/s;

export class HashChain {
  #head = '';

  /** The hash of the last line so far; after the last line of the file, it covers all of them. */
  get head(): string {
    return this.#head;
  }

  seal(line: CertificateLine): string {
    const body = JSON.stringify(line);
    this.#head = hashOf(this.#head, body);
    return `${body.slice(0, -1)},"sha256":"${this.#head}"}`;
  }

  /** The line without its hash, and whether the hash is right at this place. Undefined when it has no hash. */
  open(text: string): { readonly body: string; readonly isIntact: boolean } | undefined {
    const [, begin, found] = SEALED.exec(text) ?? [];
    if (begin === undefined || found === undefined) return undefined;
    const body = `${begin}}`;
    const isIntact = hashOf(this.#head, body) === found;
    // Continues from the line's own hash, so that one change is reported once.
    this.#head = found;
    return { body, isIntact };
  }
}

function hashOf(previous: string, body: string): string {
  return hash('sha256', previous + body, 'hex');
}

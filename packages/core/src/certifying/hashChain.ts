/** Lines that are chained: the hash at the end of each covers the line itself and the hash of the one before. */
import { hash } from 'node:crypto';
import type { CertificateLine } from '@rowparity/contracts';

const SEALED = /^(\{.*),"sha256":"([0-9a-f]{64})"\}$/s;

export class HashChain {
  #head = '';

  /** The hash of the last line; of the last one of all, it stands for all of them. */
  get head(): string {
    return this.#head;
  }

  seal(line: CertificateLine): string {
    const body = JSON.stringify(line);
    this.#head = hashOf(this.#head, body);
    return `${body.slice(0, -1)},"sha256":"${this.#head}"}`;
  }

  /** The line without its hash, and whether that is the one it must have here. Undefined when it has none. */
  open(text: string): { readonly body: string; readonly isIntact: boolean } | undefined {
    const [, begin, found] = SEALED.exec(text) ?? [];
    if (begin === undefined || found === undefined) return undefined;
    const body = `${begin}}`;
    const isIntact = hashOf(this.#head, body) === found;
    // Goes on from the line's own hash, so that one change is told once.
    this.#head = found;
    return { body, isIntact };
  }
}

function hashOf(previous: string, body: string): string {
  return hash('sha256', previous + body, 'hex');
}

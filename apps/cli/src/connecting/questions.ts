/**
 * Questions to a person at the terminal, one after the other. They go to standard error, because standard output may be
 * a file; what is typed as a secret is not shown.
 */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from '../usage/usageError.ts';

export class Questions implements Disposable {
  readonly #lines: Interface;
  readonly #typed: string[] = [];
  readonly #left: string;
  #isSecret = false;
  #isClosed = false;
  #wake = () => {};

  /** `left`: what is told when the person ends the questions with Ctrl-C or Ctrl-D. */
  constructor(left: string) {
    this.#left = left;
    const shown = new Writable({
      write: (chunk, _encoding, done) => {
        if (!this.#isSecret) process.stderr.write(chunk);
        done();
      },
    });
    this.#lines = createInterface({ input: process.stdin, output: shown, terminal: true, historySize: 0 });
    // Lines that are typed ahead or pasted answer the next questions.
    this.#lines.on('line', (line) => {
      this.#typed.push(line);
      this.#wake();
    });
    this.#lines.once('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** Enter alone is the fallback. */
  async ask(question: string, fallback = ''): Promise<string> {
    const hint = fallback === '' ? '' : ` [${fallback}]`;
    return (await this.#line(`${question}${hint}: `)).trim() || fallback;
  }

  async confirm(question: string, isYes = true): Promise<boolean> {
    for (;;) {
      const answer = (await this.#line(`${question} [${isYes ? 'Y/n' : 'y/N'}]: `)).trim().toLowerCase();
      if (answer === '') return isYes;
      if (['y', 'yes'].includes(answer)) return true;
      if (['n', 'no'].includes(answer)) return false;
    }
  }

  async secret(question: string): Promise<string> {
    this.#isSecret = true;
    try {
      // From here on the terminal shows nothing that is typed.
      process.stderr.write(question);
      return await this.#next();
    } finally {
      this.#isSecret = false;
      process.stderr.write('\n');
    }
  }

  say(lines: readonly string[]): void {
    for (const line of lines) process.stderr.write(`${line}\n`);
  }

  [Symbol.dispose](): void {
    this.#lines.close();
  }

  async #line(question: string): Promise<string> {
    this.#lines.setPrompt(question);
    this.#lines.prompt();
    return this.#next();
  }

  async #next(): Promise<string> {
    while (this.#typed.length === 0) {
      if (this.#isClosed) throw new UsageError(this.#left);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#typed.shift() as string;
  }
}

/** What the command says of itself: on standard error, above the picture while there is one. */
import { printable } from '@rowparity/contracts';

interface Mouth {
  say(line: string): void;
}

export class Voice {
  #mouth: Mouth = { say: (line) => void process.stderr.write(`${printable(line)}\n`) };

  through(mouth: Mouth): void {
    this.#mouth = mouth;
  }

  say(line: string): void {
    this.#mouth.say(`rowparity: ${line}`);
  }
}

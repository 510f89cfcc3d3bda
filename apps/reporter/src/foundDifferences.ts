/** How many differences runs have confirmed, for a list of them: a small read each, and of a settled run only once. */
import { differencesOf, type RunHeader } from '@rowparity/contracts';
import { isUnreadable, type LedgerReadings } from '@rowparity/core';

/** Some pages of a list. */
const SETTLED_KEPT_MAX = 2000;

export class FoundDifferences {
  readonly #ledger: Pick<LedgerReadings, 'sums'>;
  readonly #settled = new Map<string, number>();

  constructor(ledger: Pick<LedgerReadings, 'sums'>) {
    this.#ledger = ledger;
  }

  /** In the order of the runs; null where the counts cannot be read. */
  of(runs: readonly RunHeader[]): Promise<readonly (number | null)[]> {
    return Promise.all(runs.map((run) => this.#one(run)));
  }

  async #one({ runId, createdAt, state }: RunHeader): Promise<number | null> {
    const name = `${runId} ${createdAt}`;
    const known = this.#settled.get(name);
    if (known !== undefined) return known;
    const found = await this.#read(runId);
    if (found !== null && state === 'settled') this.#keep(name, found);
    return found;
  }

  async #read(runId: string): Promise<number | null> {
    try {
      return differencesOf((await this.#ledger.sums(runId)).counts);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return null;
    }
  }

  #keep(name: string, found: number): void {
    this.#settled.set(name, found);
    const [oldest] = this.#settled.keys();
    if (this.#settled.size > SETTLED_KEPT_MAX && oldest !== undefined) this.#settled.delete(oldest);
  }
}

/** What a spec would compare, without a run: nothing is written, and no row is read. */
import { type Clock, type DryRunAnswer, Fault, type RunSpec, specNotes } from '@rowparity/contracts';
import { type Catalog, isSameSpec, type LedgerReadings, type WholeRun } from '@rowparity/core';
import { planInMemory } from '@rowparity/sqlite';

/** Each asks both databases as a real plan does, beside the real plans. */
const DRY_RUNS_AT_ONCE = 2;
/** A spec of a thousand tables on servers that are far away takes less. */
const DRY_RUN_MS_MAX = 120_000;

export interface DryRunDeps {
  readonly ledger: Pick<LedgerReadings, 'getRun' | 'getSpec'>;
  readonly clock: Clock;
  catalog(ref: string): Catalog;
}

export type DryRun =
  | { readonly kind: 'planned'; readonly answer: DryRunAnswer }
  /** So many others are under way. */
  | { readonly kind: 'busy'; readonly others: number }
  | { readonly kind: 'late'; readonly ms: number };

export class DryRuns {
  readonly #deps: DryRunDeps;
  readonly #msMax: number;
  #running = 0;

  constructor(deps: DryRunDeps, msMax: number = DRY_RUN_MS_MAX) {
    this.#deps = deps;
    this.#msMax = msMax;
  }

  /** Throws the signal's reason when it aborts, and errors that say nothing about spec or databases. */
  async plan(spec: RunSpec, signal: AbortSignal): Promise<DryRun> {
    if (this.#running >= DRY_RUNS_AT_ONCE) return { kind: 'busy', others: this.#running };
    this.#running += 1;
    const limit = AbortSignal.timeout(this.#msMax);
    try {
      return { kind: 'planned', answer: await this.#planned(spec, AbortSignal.any([signal, limit])) };
    } catch (error) {
      signal.throwIfAborted();
      if (limit.aborted) return { kind: 'late', ms: this.#msMax };
      throw error;
    } finally {
      this.#running -= 1;
    }
  }

  async #planned(spec: RunSpec, signal: AbortSignal): Promise<DryRunAnswer> {
    const { clock, catalog, ledger } = this.#deps;
    const existing = await existingRun(spec, ledger);
    // A fault of the databases is the run's own failure, as in a run.
    const isLeftOpen = (error: unknown) => !(error instanceof Fault);
    return planInMemory(spec, { clock, catalog: (ref) => catalog(ref), signal, isLeftOpen }, (run) => {
      signal.throwIfAborted();
      return answerOf(run, existing);
    });
  }
}

async function existingRun(spec: RunSpec, ledger: DryRunDeps['ledger']): Promise<DryRunAnswer['existing']> {
  if (!(await ledger.getRun(spec.runId))) return 'none';
  const found = await ledger.getSpec(spec.runId);
  return found && isSameSpec(found, spec) ? 'same' : 'different';
}

function answerOf(run: WholeRun, existing: DryRunAnswer['existing']): DryRunAnswer {
  const { runId, direction, failure, shards, spec } = run;
  return {
    ...{ dryRun: true, runId, direction, existing, failure, shards },
    tables: run.tables.map((table) => tableOf(table, direction)),
    notes: specNotes(spec),
  };
}

function tableOf(
  { name, plan, refusal, shards, estimatedRows }: WholeRun['tables'][number],
  direction: WholeRun['direction'],
): DryRunAnswer['tables'][number] {
  const common = { name, refusal, shards, estimatedRows };
  if (!plan) return { ...common, source: null, destination: null, key: [], columns: 0 };
  const { base, target } = plan.tables;
  const [source, destination] = direction === 'SRC' ? [base, target] : [target, base];
  return {
    ...common,
    source: source.table,
    destination: destination.table,
    key: plan.key.map(({ column }) => plan.columns[column]?.names.base ?? ''),
    columns: plan.columns.length,
  };
}

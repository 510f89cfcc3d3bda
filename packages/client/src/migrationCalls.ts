/** The calls about migrations. Each may be repeated with the same effect. */
import {
  COORDINATOR_ROUTES,
  type HttpDocument,
  type HttpQuestion,
  type HttpRoute,
  type MigrationAnswer,
  type MigrationDefinitionInput,
  type MigrationGateAnswer,
  REPORTER_ROUTES,
  type Stage,
} from '@rowparity/contracts';
import type { CallOptions } from './askRoute.ts';

type Ask = <Route extends HttpRoute>(
  route: Route,
  question: HttpQuestion<Route>,
  options?: CallOptions,
) => Promise<HttpDocument<Route>>;

interface Services {
  readonly askCoordinator: Ask;
  readonly askReporter: Ask;
}

export interface SwitchOptions extends CallOptions {
  /** In another stage nothing is switched: the call ends with `stage_other`. */
  readonly expected?: Stage;
}

export interface OrderRunOptions extends CallOptions {
  /** Of the wanted run. Ordered again, it is the same run; without it, a repeated call may order one more. */
  readonly number?: number;
}

type Listed = HttpDocument<typeof COORDINATOR_ROUTES.listMigrations>;

export class MigrationCalls {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Begins to watch over a migration; another body of its id is `migration_exists`. */
  put(id: string, body: MigrationDefinitionInput, options?: CallOptions): Promise<MigrationAnswer> {
    return this.#services.askCoordinator(COORDINATOR_ROUTES.putMigration, { params: { id }, body }, options);
  }

  /** Where it stands; `migration_unknown` when there is none. */
  get(id: string, options?: CallOptions): Promise<MigrationAnswer> {
    return this.#services.askCoordinator(COORDINATOR_ROUTES.getMigration, { params: { id } }, options);
  }

  /** All, the newest first. */
  list(options?: CallOptions): Promise<Listed> {
    return this.#services.askCoordinator(COORDINATOR_ROUTES.listMigrations, {}, options);
  }

  /** Its runs stay; `run_open` while one is under way. */
  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.#services.askCoordinator(COORDINATOR_ROUTES.deleteMigration, { params: { id } }, options);
  }

  /** To a neighbour of the present stage, or `stage_not_next`. A turned direction ends the run under way. */
  switchStage(
    id: string,
    stage: Stage,
    { expected, ...options }: SwitchOptions = {},
  ): Promise<MigrationAnswer> {
    const body = { stage, ...(expected === undefined ? {} : { expected }) };
    return this.#services.askCoordinator(COORDINATOR_ROUTES.switchStage, { params: { id }, body }, options);
  }

  /** A full run, as soon as no other one of the migration is under way. */
  orderRun(id: string, { number, ...options }: OrderRunOptions = {}): Promise<MigrationAnswer> {
    const body = number === undefined ? {} : { number };
    const question = { params: { id }, body };
    return this.#services.askCoordinator(COORDINATOR_ROUTES.orderMigrationRun, question, options);
  }

  /** May it go on from its stage, with every reason why not. What is left out is as the migration has it. */
  gate(
    id: string,
    query: HttpQuestion<typeof REPORTER_ROUTES.getMigrationGate>['query'] = {},
    options?: CallOptions,
  ): Promise<MigrationGateAnswer> {
    const question = { params: { id }, query };
    return this.#services.askReporter(REPORTER_ROUTES.getMigrationGate, question, options);
  }
}

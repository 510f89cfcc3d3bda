/**
 * The life of a service: start, serve, drain at the first SIGTERM or SIGINT, exit at once at the second. A wrong
 * configuration ends it before anything is served, with every problem named; so does a server that does not answer,
 * with another exit code.
 */
import { Fault, isTransient } from '@rowparity/contracts';
import { EXIT } from './exitCodes.ts';
import { ConfigurationError, helpOf, type OptionTable } from './settings/option.ts';
import { printedSettings, readSettings, type Settings, type SettingsTable } from './settings/readSettings.ts';

const PRINT_CONFIG = '--print-config';

export interface Service {
  /** Ends the running work and releases all resources. */
  stop(): Promise<void>;
}

export interface Program<T extends OptionTable, C = never> extends SettingsTable<T, C> {
  readonly name: string;
}

export async function runService<T extends OptionTable, C = never>(
  program: Program<T, C>,
  start: (settings: Settings<T, C>) => Promise<Service>,
): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpOf(program.name, program.options));
    return;
  }
  const stopAsked = firstSignal();
  try {
    const told = { env: process.env, args: args.filter((arg) => arg !== PRINT_CONFIG) };
    if (args.includes(PRINT_CONFIG)) process.stdout.write(printedSettings(program, told));
    const settings = readSettings(program, told);
    if (args.includes(PRINT_CONFIG)) process.exit(EXIT.ok);
    const service = await start(settings);
    await stopAsked;
    await service.stop();
    process.exit(EXIT.ok);
  } catch (error) {
    process.exit(report(program.name, error));
  }
}

function firstSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let asked = 0;
  const onSignal = () => {
    asked += 1;
    if (asked > 1) process.exit(EXIT.internal);
    resolve();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return promise;
}

/** Says why the process ends, in words for the operator. */
function report(name: string, error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  if (isConfiguration(error)) {
    process.stderr.write(`${name}: cannot start.\n${message}\n`);
    return EXIT.configuration;
  }
  if (isTransient(error)) {
    process.stderr.write(`${name}: cannot start now, and may be started again as it is.\n${message}\n`);
    return EXIT.outage;
  }
  process.stderr.write(
    `${name}: ended by an unexpected error: ${error instanceof Error ? error.stack : message}\n`,
  );
  return EXIT.internal;
}

function isConfiguration(error: unknown): boolean {
  return error instanceof ConfigurationError || (error instanceof Fault && error.class === 'configuration');
}

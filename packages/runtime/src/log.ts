/**
 * The log of a process on standard output: one JSON object a line, or a line for people on a terminal. Never a
 * credential, never a row value (law 9).
 */
import { Fault } from '@rowparity/contracts';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { logStrayLines } from './strayLines.ts';

export type Log = Logger;

export interface LogOptions {
  readonly logLevel: string;
  /** Pretty on a terminal and JSON elsewhere, when left out. */
  readonly logFormat?: 'json' | 'pretty' | undefined;
}

/** The log of a service, as its options have it. What libraries print goes there, too. */
export async function openLog(app: string, options: LogOptions): Promise<Log> {
  const log = await makeLog(app, options);
  logStrayLines(log);
  return log;
}

async function makeLog(app: string, { logLevel, logFormat }: LogOptions): Promise<Log> {
  const format = logFormat ?? (process.stdout.isTTY === true ? 'pretty' : 'json');
  if (format === 'json') return createLog(app, logLevel);
  const { default: pretty } = await import('pino-pretty');
  return createLog(
    app,
    logLevel,
    pretty({ sync: true, ignore: 'name,app,pid', translateTime: 'HH:MM:ss.l' }),
  );
}

export function createLog(app: string, level: string, stream?: DestinationStream): Log {
  const options: LoggerOptions = {
    name: app,
    level,
    base: { app, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: errorFields },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** Message and code of an error and of its causes; not its other fields, which may carry a statement or a row. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack?.split('\n').slice(1, 6).join('\n'),
    ...(error.cause instanceof Error && error instanceof Fault
      ? { cause: { type: error.cause.name, code: (error.cause as { code?: unknown }).code } }
      : {}),
  };
}

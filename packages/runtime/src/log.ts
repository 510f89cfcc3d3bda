/** The log of a process: one JSON object a line on standard output. Never a credential, never a row value (law 9). */
import { Fault } from '@rowparity/contracts';
import { type Logger, pino } from 'pino';

export type Log = Logger;

export function createLog(app: string, level: string): Log {
  return pino({
    name: app,
    level,
    base: { app, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: errorFields },
  });
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

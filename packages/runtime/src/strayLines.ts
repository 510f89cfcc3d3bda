/**
 * Leads what Node and libraries would print as plain text into the log, so that a JSON log holds nothing else. The text
 * of a crash still goes to standard error.
 */
import { format } from 'node:util';
import type { Logger } from 'pino';

/** kafkajs computes a time-out below zero now and then, and Node then waits for 1 ms: nothing to act on. */
const HARMLESS = new Set(['TimeoutNegativeWarning']);

export function logStrayLines(log: Logger): void {
  // Among the listeners is Node's own, which prints.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (HARMLESS.has(warning.name)) log.debug({ err: warning }, 'a warning of Node');
    else log.warn({ err: warning }, 'a warning of Node');
  });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    console[level] = (...parts: unknown[]) => log[level]({ library: true }, format(...parts));
  }
  console.log = console.info;
}

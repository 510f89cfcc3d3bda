/**
 * The id of the trace of a run that came without one: a run of a watch or a migration has no order that could bring it.
 * It is made of the run's name, so coordinator and workers have the same without telling each other.
 */
import { createHash } from 'node:crypto';

const HEX_DIGITS = 32;

export function traceOfRun(runId: string, generation: number): string {
  const digest = createHash('sha256').update(`rowparity trace ${runId} ${generation}`).digest('hex');
  return digest.slice(0, HEX_DIGITS);
}

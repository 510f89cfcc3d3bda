/**
 * The `traceparent` of a job: where BullMQ's own telemetry keeps it, as JSON in an option of the job. An orchestrator
 * that traces its queues needs nothing else.
 */
import { readTraceparent } from '@rowparity/contracts';
import type { JobsOptions } from 'bullmq';

/** What others put there may be anything. */
const CHARACTERS_MAX = 4096;

export function withTrace(traceparent: string | undefined): Pick<JobsOptions, 'telemetry'> {
  return traceparent === undefined ? {} : { telemetry: { metadata: JSON.stringify({ traceparent }) } };
}

/** Undefined where there is none that can be read. */
export function traceOfJob({ telemetry }: Pick<JobsOptions, 'telemetry'>): string | undefined {
  const metadata: unknown = telemetry?.metadata;
  if (typeof metadata !== 'string' || metadata.length > CHARACTERS_MAX) return undefined;
  const traceparent = fieldOf(metadata);
  return typeof traceparent === 'string' && readTraceparent(traceparent) ? traceparent : undefined;
}

function fieldOf(json: string): unknown {
  try {
    return (JSON.parse(json) as { readonly traceparent?: unknown } | null)?.traceparent;
  } catch {
    return undefined;
  }
}

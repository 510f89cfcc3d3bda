/** Routes that both services have. */
import { z } from 'zod';
import { type HttpRoutes, refusal } from './httpRoute.ts';
import { runId } from './scalars.ts';

/** The parameter of every route about one run. */
export const ofRun = z.strictObject({ id: runId });

const probes = {
  200: { description: 'Yes.', media: 'text/plain' },
  503: refusal('No; the message tells why.', 'unavailable'),
} as const;

export const SERVICE_ROUTES = {
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    access: 'token',
    answers: {
      200: {
        description: 'The OpenAPI document of the service.',
        schema: z.record(z.string(), z.unknown()),
      },
    },
  },
  getMetrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'Metrics for Prometheus.',
    access: 'metrics',
    query: z.looseObject({}),
    answers: { 200: { description: 'The metrics.', media: 'text/plain; version=0.0.4' } },
  },
  isAlive: {
    method: 'GET',
    path: '/livez',
    summary: 'Whether the process works; a 503 asks for another process.',
    access: 'open',
    query: z.looseObject({}),
    answers: probes,
  },
  isReady: {
    method: 'GET',
    path: '/readyz',
    summary: 'Whether the service can answer now.',
    access: 'open',
    query: z.looseObject({}),
    answers: probes,
  },
} as const satisfies HttpRoutes;

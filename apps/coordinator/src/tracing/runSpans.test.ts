import { Fault, type RunHeader } from '@rowparity/contracts';
import type { Step } from '@rowparity/core';
import type { Attributes, RootOptions, Span, Tracing } from '@rowparity/tracing';
import { traceOfRun } from '@rowparity/tracing';
import { expect, it } from 'vitest';
import { RunSpans } from './runSpans.ts';

const ORDER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const HEADER = { runId: 'orders-1', generation: 2, tableCount: 3, shards: 40 } as RunHeader;

interface Sent extends RootOptions {
  readonly name: string;
  readonly told: Attributes;
  readonly failed: string | undefined;
}

function spansOn({ traceOf = async (): Promise<string | undefined> => ORDER } = {}) {
  const sent: Sent[] = [];
  const begin = (name: string, options: RootOptions = {}): Span => {
    let told: Attributes = {};
    let failed: string | undefined;
    return {
      ...{ traceparent: 'of-the-order', isRecorded: true },
      child: () => expect.unreachable('no child'),
      set: (more) => {
        told = { ...told, ...more };
      },
      fail: (code) => {
        failed = code;
      },
      end: () => void sent.push({ ...options, name, told, failed }),
    };
  };
  const tracing: Tracing = { begin, close: async () => {} };
  return { sent, spans: new RunSpans(tracing, { traceOf, getRun: async () => HEADER }) };
}

const step = (kind: Step['kind']) => ({ kind, run: HEADER }) as Step;

it('an order hangs under what it brought, hands its own span on, and tells what became of it', async () => {
  const { sent, spans } = spansOn();
  const ordered = await spans.order({ kind: 'consumer', traceparent: ORDER }, async (traceparent) => {
    expect(traceparent).toBe('of-the-order');
    return { kind: 'created', spec: { runId: 'orders-1' } };
  });
  expect(ordered.kind).toBe('created');
  expect(sent).toMatchObject([
    { name: 'order run', kind: 'consumer', parent: ORDER, told: { 'rowparity.answer': 'created' } },
  ]);
});

it('planning and settling are spans of the order; the many small steps are none', async () => {
  const { sent, spans } = spansOn();
  await spans.step(step('plan'), async () => ({ kind: 'planned' }));
  await spans.step(step('open'), async () => ({ kind: 'waiting' }));
  await spans.step(step('settle'), async () => ({ kind: 'settled', verdict: 'consistent' }));
  expect(sent).toMatchObject([
    { name: 'plan run', parent: ORDER, told: { 'rowparity.tables': 3, 'rowparity.shards': 40 } },
    { name: 'settle run', parent: ORDER, told: { 'rowparity.verdict': 'consistent' } },
  ]);
});

it('a run without an order, and one whose order cannot be read, has the trace of its name', async () => {
  for (const traceOf of [async () => undefined, () => Promise.reject(new Error('away'))]) {
    const { sent, spans } = spansOn({ traceOf });
    await spans.step(step('plan'), async () => ({ kind: 'overtaken' }));
    expect(sent[0]).toMatchObject({ parent: undefined, traceId: traceOfRun('orders-1', 2) });
  }
});

it('a step that fails tells its code, not its message, and fails as before', async () => {
  const { sent, spans } = spansOn();
  const fault = new Fault('transient', { code: 'CONNECTION_LOST', message: 'at row 4711' });
  await expect(spans.step(step('plan'), () => Promise.reject(fault))).rejects.toBe(fault);
  expect(sent[0]?.failed).toBe('CONNECTION_LOST');
  expect(JSON.stringify(sent)).not.toContain('4711');
});

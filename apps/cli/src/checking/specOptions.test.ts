import { expect, it } from 'vitest';
import { specDifferences } from './specDifferences.ts';
import { readSpec } from './specOptions.ts';

const FRAME = { source: 'source_1', destination: 'destination_1', runId: 'run-1' };
const TEXTS = { tables: 'orders', direction: 'SRC' };

it('names are tables, and names with * or ? are patterns', () => {
  const { tables } = readSpec({ ...TEXTS, tables: 'orders, log_20??,cust*' }, FRAME);
  expect(tables).toEqual([{ name: 'orders' }, { pattern: 'log_20??' }, { pattern: 'cust*' }]);
});

it('every option stands where the spec wants it', () => {
  const texts = { shardRows: '5000', pageRows: '70', recheckDelays: '1,2', format: 'minimal', runId: 'mine' };
  expect(readSpec({ ...TEXTS, ...texts }, FRAME)).toMatchObject({
    runId: 'mine',
    shard: { rows: 5000, pageRows: 70 },
    recheck: { delaysMs: [1, 2] },
    events: { format: 'minimal' },
  });
});

it('every wrong value is named by its flag, all at once', () => {
  const texts = { ...TEXTS, shardRows: 'x', recheckDelays: '5,', direction: 'UP' };
  expect(() => readSpec(texts, FRAME)).toThrow(/--direction.*--shard-rows.*--recheck-delays/s);
});

it('what differs between two specs is named by its flag, and nothing else', () => {
  const began = readSpec(TEXTS, FRAME);
  const found = readSpec({ ...TEXTS, pageRows: '70', tables: 'a' }, { ...FRAME, source: 'source_2' });
  expect(specDifferences(began, began)).toEqual([]);
  expect(specDifferences(began, found)).toEqual([
    'the source: the run began with another server or database',
    '--tables: the run began with [{"name":"orders"}], found [{"name":"a"}]',
    '--page-rows: the run began with 10000, found 70',
  ]);
});

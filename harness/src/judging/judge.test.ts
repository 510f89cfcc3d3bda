import { encodeEvent, type InconsistentEvent } from '@rowparity/contracts';
import { expect, test } from 'vitest';
import type { SentEvent } from '../system/topics.ts';
import { judge } from './judge.ts';

const PLANTED = [
  { table: 'orders', type: 'neq', key: { id: '9007199254740993' }, columns: ['note'] },
  { table: 'sessions', type: 'target_missing', key: { id: '00ff' } },
] as const;

function sent(event: Partial<InconsistentEvent>): SentEvent {
  const whole: InconsistentEvent = {
    Direction: 'SRC',
    Type: 'neq',
    RunID: 'r',
    Generation: 1n,
    EventID: `${event.Table}${event.Type}${Object.values(event.Key ?? {})}`,
    Stability: 'confirmed',
    ...event,
  };
  const headers = {
    'rowparity-schema': '2',
    'rowparity-run': 'r',
    'rowparity-generation': '1',
    'rowparity-shard': '0',
    'rowparity-event-id': whole.EventID ?? '',
  };
  return { text: encodeEvent(whole, 'full'), key: 'k', headers, partition: 0 };
}

const NEQ = {
  ID: 9007199254740993n,
  Table: 'orders',
  Type: 'neq',
  Key: { id: 9007199254740993n },
  Columns: ['note'],
} as const;
const MISSING = { Table: 'sessions', Type: 'target_missing', Key: { id: { hex: '00ff' } } } as const;
const neq = sent({ ...NEQ, Columns: [...NEQ.Columns] });
const missing = sent(MISSING);

test('everything planted and nothing else is a clean judgement', () => {
  expect(judge(PLANTED, [neq, missing])).toMatchObject({
    found: 2,
    false: 0,
    missed: 0,
    repeats: 0,
    problems: [],
  });
});

test('an event sent twice counts once', () => {
  expect(judge(PLANTED, [neq, missing, neq])).toMatchObject({ found: 2, false: 0, messages: 3, repeats: 1 });
});

test('a neighbouring id beyond 2^53 is one missed and one false', () => {
  const neighbour = sent({
    ...NEQ,
    ID: 9007199254740992n,
    Key: { id: 9007199254740992n },
    Columns: ['note'],
  });
  expect(judge(PLANTED, [neighbour, missing])).toMatchObject({ found: 1, false: 1, missed: 1 });
});

test('a wrong column, an unstable event and a lost header are problems', () => {
  const wrong = sent({ ...NEQ, Columns: ['state'], Stability: 'unstable' });
  const bare = { ...missing, headers: {} };
  expect(judge(PLANTED, [wrong, bare]).problems).toHaveLength(2 + 5 + 1);
});

test('an event whose ID does not come first is a problem', () => {
  const text = neq.text.replace(/^\{("ID":\d+),("Direction":"SRC")/, '{$2,$1');
  expect(judge(PLANTED, [{ ...neq, text }, missing]).problems).toHaveLength(1);
});

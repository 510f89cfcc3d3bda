import { describe, expect, it } from 'vitest';
import {
  type FencedPair,
  replicationPositionConformance,
} from '../conformance/replicationPosition.conformance.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { ServerPosition } from '../ports/rowSource.ts';
import { byRole } from '../sides/roles.ts';
import { FakeRowReader } from '../testing/fakeRowReader.ts';
import { expectFence } from './expectFence.ts';
import { fencingOf, openFence } from './fencing.ts';

const UUID = {
  source: '3e11fa47-71ca-11e1-9e33-c80aa9429562',
  destination: 'd3fe112a-e9d8-11f1-8c06-02fc00000001',
};
const HEARTBEAT = { kind: 'heartbeat', upstream: 'source', table: 'beats', column: 'ts' } as const;
const { signal } = new AbortController();

type Place = keyof typeof UUID;
const positionOf = (place: Place, last: number): ServerPosition => ({
  ...{ uuid: UUID[place], serverId: '1' },
  position: { variable: 'gtid_executed', value: `${UUID.source}:1-${last}` },
});

/** The source is upstream: what it wrote comes to the destination at once, unless that stands still. */
function fakePair(direction: 'SRC' | 'DST', fence: FencedPair['fence']): FencedPair {
  const places = { source: new FakeRowReader([]), destination: new FakeRowReader([]) };
  let written = 5;
  let isStopped = false;
  const show = (place: Place) => {
    places[place].serverPosition = positionOf(place, written);
    places[place].progressValue = String(written);
  };
  show('source');
  show('destination');
  const readers = byRole(places, direction);
  return {
    fence,
    direction,
    servers: { base: readers.base.serverPosition, target: readers.target.serverPosition },
    readers,
    write: async () => {
      written += 1;
      show('source');
      if (!isStopped) show('destination');
    },
    stopApplier: async () => {
      isStopped = true;
    },
    startApplier: async () => {
      isStopped = false;
      show('destination');
    },
    untilEqual: async () => {},
    beginAnew: async () => {
      written = 2;
      show('source');
    },
    close: async () => {},
  };
}

for (const direction of ['SRC', 'DST'] as const) {
  replicationPositionConformance(
    `positions, direction ${direction}`,
    async () => fakePair(direction, 'auto'),
    {
      isSilent: false,
    },
  );
  replicationPositionConformance(
    `values, direction ${direction}`,
    async () => fakePair(direction, HEARTBEAT),
    {
      isSilent: true,
    },
  );
}

describe('a fence by values', () => {
  function open() {
    const pair = fakePair('SRC', HEARTBEAT);
    const { base, target } = pair.readers as Record<'base' | 'target', FakeRowReader>;
    let nowMs = 0;
    const clock = {
      steadyNow: () => {
        nowMs += 1000;
        return nowMs;
      },
    };
    const fencing = fencingOf(pair);
    if (!fencing) throw new Error('expected a fence');
    return { base, target, fence: openFence(fencing, { readers: pair.readers, clock }) };
  }
  const LOST = { class: 'permanent', code: 'POSITION_LOST' };

  it('the beat that was read at the mark proves nothing: it may be older than the row. The next one does', async () => {
    const { base, target, fence } = open();
    [base.progressValue, target.progressValue] = ['7', '7'];
    const mark = await fence.mark(signal);
    expect(await fence.stateOf(mark, signal)).toBe('silent');
    base.progressValue = '8';
    expect(await fence.stateOf(mark, signal)).toBe('behind');
    target.progressValue = '8';
    expect(await fence.stateOf(mark, signal)).toBe('passed');
  });

  it.each([
    ['another server', undefined, 'target'],
    ['a value that went back', '6', 'target'],
    ['a value that went back', '6', 'base'],
    ['a row that is gone', null, 'base'],
    ['a value without an order', 'soon', 'target'],
    ['a time in place of a number', '2026-11-27 10:00:00', 'target'],
    ['a downstream that is ahead', '9', 'target'],
  ] as const)('%s: the position is lost; %s', async (_name, value, side) => {
    const opened = open();
    [opened.base.progressValue, opened.target.progressValue] = ['7', '7'];
    await opened.fence.mark(signal);
    if (value !== undefined) opened[side].progressValue = value;
    else opened[side].serverPosition = { ...opened[side].serverPosition, uuid: UUID.source };
    const lost = await opened.fence.mark(signal).catch((error: unknown) => error);
    expect(lost).toMatchObject(LOST);
    expect(String(lost)).not.toMatch(/soon|10:00|\b[679]\b/);
  });
});

describe('a fence is tried when the run is planned', () => {
  const answer = (value: string | null) => ({ progress: async () => ({ serverId: '1', uuid: null, value }) });
  const plan = (source: string | null, destination: string | null, direction: 'SRC' | 'DST' = 'SRC') =>
    expectFence(
      {
        fence: HEARTBEAT,
        direction,
        catalogs: byRole({ source: answer(source), destination: answer(destination) }, direction),
      },
      signal,
    );

  it.each([
    ['7', '7'],
    ['7', '6.5'],
    ['18446744073709551615', '18446744073709551614'],
    ['2026-11-27T10:00:00.001230', '2026-11-27T10:00:00.001229'],
    ['2026-11-27 10:00:00.5', '2026-11-27 10:00:00.499999'],
  ])(
    '%s on the source and %s on the destination are fine, in both directions',
    async (source, destination) => {
      await plan(source, destination);
      await plan(source, destination, 'DST');
    },
  );

  it.each([
    [null, '7', 'the source has no value'],
    ['7', null, 'the destination has no value'],
    ['seven', '7', 'the value of the source is no number'],
    ['7', '2026-11-27 10:00:00', 'one side has a number'],
    ['18446744073709551614', '18446744073709551615', 'the destination has a later value than the source'],
    [
      '2026-11-27 10:00:00',
      '2026-11-27 10:00:00.000001',
      'the destination has a later value than the source',
    ],
  ])('%s on the source and %s on the destination: refused', async (source, destination, words) => {
    for (const direction of ['SRC', 'DST'] as const) {
      const refused = await plan(source, destination, direction).catch((error: unknown) => error);
      expect(refused).toMatchObject({ class: 'configuration', code: 'FENCE_REFUSED' });
      expect(String(refused)).toContain(words);
      expect(String(refused)).not.toMatch(/seven|1844|000001/);
    }
  });

  it('a fence by positions asks for no value', async () => {
    const catalogs = { base: {}, target: {} } as Record<'base' | 'target', Catalog>;
    await expectFence({ fence: 'auto', direction: 'SRC', catalogs }, signal);
  });
});

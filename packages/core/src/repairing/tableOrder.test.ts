import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parentsFirst } from './tableOrder.ts';

it('parents come before their children, and tables that nothing connects keep their order', () => {
  const references = [
    { child: 'items', parent: 'orders' },
    { child: 'orders', parent: 'customers' },
    { child: 'customers', parent: 'customers' },
    { child: 'items', parent: 'elsewhere' },
  ];
  expect(parentsFirst(['items', 'a', 'orders', 'customers'], references)).toEqual([
    'a',
    'customers',
    'orders',
    'items',
  ]);
});

it('each table comes once, whatever leads where, and behind its parents where there is no circle', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const edge = fc.record({ child: fc.constantFrom(...names), parent: fc.constantFrom(...names) });
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 8 }), (edges) => {
      const ordered = parentsFirst(names, edges);
      expect([...ordered].sort()).toEqual(names);
      const downwards = edges.filter(({ child, parent }) => parent < child);
      const free = parentsFirst(names, downwards);
      for (const { child, parent } of downwards)
        expect(free.indexOf(parent)).toBeLessThan(free.indexOf(child));
    }),
  );
});

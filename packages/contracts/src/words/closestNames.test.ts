import { expect, it } from 'vitest';
import { closestNames } from './closestNames.ts';

it('the closest names come first, whatever their case', () => {
  const names = ['orders', 'order_items', 'customers', 'ORDER', 'audit'];
  expect(closestNames('ordres', names)).toEqual(['orders', 'ORDER', 'order_items']);
  expect(closestNames('Orders', names)[0]).toBe('orders');
});

it('a text that is no name has no closest ones', () => {
  expect(closestNames('x'.repeat(1_000_000), ['x', 'y'.repeat(1_000_000)])).toEqual([]);
  expect(closestNames('x', ['y'.repeat(1_000_000)])).toEqual([]);
});

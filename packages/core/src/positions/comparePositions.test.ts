import { expect, it } from 'vitest';
import { comparePositions } from './comparePositions.ts';

const A = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
const B = 'd3fe112a-e9d8-11f1-8c06-02fc00000001';

const mysql = (value: string, uuid = 'c') => ({
  uuid,
  serverId: '1',
  position: { variable: 'gtid_executed', value },
});
const maria = (value: string, serverId: string) => ({
  uuid: null,
  serverId,
  position: { variable: 'gtid_current_pos', value },
});

it.each([
  [`${A}:1-5`, `${A}:1-5`, 'same', undefined],
  [`${A}:1-3:4-5`, `${A.toUpperCase()}:1-5`, 'same', undefined],
  [`${A}:1-5,\n${B}:1-2`, `${B}:1-2,${A}:1-5`, 'same', undefined],
  [`${A}:1-100`, `${A}:1-88`, 'behind', 12n],
  [`${A}:1-100`, `${A}:1-10:20-30:100`, 'behind', 78n],
  [`${A}:1-100,${B}:1-5`, `${A}:1-100`, 'behind', 5n],
  [`${A}:1-100`, `${A}:1-90,${B}:1-7`, 'behind', 10n],
  [`${A}:7`, `${A}:1-9`, 'ahead', 8n],
  [`${A}:1-100`, `${A}:1-100,${B}:1-7`, 'ahead', 7n],
  [`${A}:1-9223372036854775806`, `${A}:1-9223372036854775805`, 'behind', 1n],
  [`${A}:1-5:tag:1-3`, `${A}:1-5:tag:1-2`, 'behind', 1n],
  [`${A}:1-5:tag:1-3:other:9`, `${A}:1-5`, 'behind', 4n],
  [`${A}:1-5`, `${B}:1-5`, 'unrelated', undefined],
  [`${A}:tag:1-5`, `${A}:1-5`, 'unrelated', undefined],
  [`${A}:1-5`, 'nonsense', 'unknown', undefined],
  [`${A}:1-5`, `${A}`, 'unknown', undefined],
] as const)('MySQL: base %j, target %j: %s', (base, target, kind, transactions) => {
  const found = comparePositions({ base: mysql(base), target: mysql(target) });
  expect(found).toEqual({ kind, ...(transactions === undefined ? {} : { transactions }) });
});

it.each([
  ['0-1-100', '0-1-100', 'same', undefined],
  ['0-1-100', '0-1-88', 'behind', 12n],
  ['0-1-100,1-1-9', '0-1-100,1-1-7', 'behind', 2n],
  ['0-1-100', '0-1-130', 'ahead', 30n],
  ['0-1-100,7-1-4', '0-1-100', 'same', undefined],
  ['0-1-18446744073709551615', '0-1-18446744073709551614', 'behind', 1n],
  ['0-1-500', '0-2-480', 'unrelated', undefined],
  ['0-1-500', '3-1-500', 'unrelated', undefined],
  ['0-1-500', '0-1', 'unknown', undefined],
] as const)('MariaDB: base %j, target %j: %s', (base, target, kind, transactions) => {
  const found = comparePositions({ base: maria(base, '1'), target: maria(target, '2') });
  expect(found).toEqual({ kind, ...(transactions === undefined ? {} : { transactions }) });
});

it('servers of one id, of two kinds, or without a position do not tell', () => {
  const same = { base: maria('0-1-500', '1'), target: maria('0-1-480', '1') };
  const mixed = { base: mysql(`${A}:1-5`), target: maria('0-1-480', '2') };
  const missing = {
    base: mysql(`${A}:1-5`),
    target: { uuid: null, serverId: '2', position: { missing: 'no GTIDs' } },
  };
  for (const sides of [same, mixed, missing]) expect(comparePositions(sides)).toEqual({ kind: 'unknown' });
});

it('the other way round, behind is ahead', () => {
  const sides = { base: mysql(`${A}:1-88`), target: mysql(`${A}:1-100`) };
  expect(comparePositions(sides)).toEqual({ kind: 'ahead', transactions: 12n });
});

it.each([
  [`${A}:1-9`, `${A}:1-9,${B}:1-7`, { kind: 'same' }],
  [`${A}:1-9`, `${A}:1-5,${B}:1-7`, { kind: 'behind', transactions: 4n }],
  [`${A}:1-9:tag:1-2`, `${A}:1-9:tag:1,${B}:1-7`, { kind: 'behind', transactions: 1n }],
  [`${A}:1-9,${B}:1-8`, `${A}:1-9,${B}:1-7`, { kind: 'behind', transactions: 1n }],
])('what a replica executed by itself never travels: primary %j, replica %j', (primary, replica, found) => {
  const primarySide = mysql(primary, A.toUpperCase());
  const replicaSide = mysql(replica, B);
  expect(comparePositions({ base: primarySide, target: replicaSide })).toEqual(found);
  if (found.kind !== 'behind' || primary.includes(B)) return;
  const swapped = comparePositions({ base: replicaSide, target: primarySide });
  expect(swapped).toEqual({ ...found, kind: 'ahead' });
});

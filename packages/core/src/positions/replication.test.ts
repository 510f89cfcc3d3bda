import { describe, expect, it } from 'vitest';
import { goesOn, hasPassed, upstreamOf } from './replication.ts';

const A = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
const B = 'd3fe112a-e9d8-11f1-8c06-02fc00000001';
const C = '11111111-2222-3333-4444-555555555555';

const mysql = (uuid: string, value: string) => ({
  uuid,
  serverId: '1',
  position: { variable: 'gtid_executed', value },
});
const maria = (serverId: string, value: string) => ({
  uuid: null,
  serverId,
  position: { variable: 'gtid_current_pos', value },
});
const replica = (value: string, applied: string) => ({
  uuid: null,
  serverId: '2',
  position: { variable: 'gtid_current_pos', value, applied },
});
const positionless = { uuid: null, serverId: '1', position: { missing: 'no GTIDs' } };

describe('which side replicates from the other', () => {
  it.each([
    ['target below base', mysql(A, `${A}:1-9`), mysql(B, `${A}:1-5`), 'base'],
    [
      'target below base, with transactions of its own',
      mysql(A, `${A}:1-9`),
      mysql(B, `${A}:1-5,${B}:1-3`),
      'base',
    ],
    ['base below target', mysql(A, `${A}:1-2,${B}:1-9`), mysql(B, `${B}:1-9`), 'target'],
    ['by a tagged transaction', mysql(A, `${A}:tag:1-9`), mysql(B, `${A}:tag:1-5`), 'base'],
    ['both from a third one', mysql(A, `${C}:1-9`), mysql(B, `${C}:1-9`), undefined],
    ['each from the other', mysql(A, `${A}:1,${B}:1`), mysql(B, `${A}:1,${B}:1`), undefined],
    ['neither', mysql(A, `${A}:1`), mysql(B, `${B}:1`), undefined],
    ['without positions', positionless, mysql(B, `${B}:1`), undefined],
    ['MariaDB, target below base', maria('1', '0-1-9'), maria('2', '0-1-5'), 'base'],
    ['MariaDB, base below target', maria('1', '0-2-5'), maria('2', '0-2-9'), 'target'],
    ['MariaDB, a replica that was written to', maria('1', '0-1-9'), replica('0-2-12', '0-1-5'), 'base'],
    ['MariaDB, of one server id', maria('1', '0-1-9'), maria('1', '0-1-5'), undefined],
    ['MariaDB, after the third one wrote', maria('1', '0-3-9'), maria('2', '0-3-9'), undefined],
  ] as const)('%s', (_name, base, target, side) => {
    expect(upstreamOf({ base, target })).toBe(side);
  });
});

describe('the downstream has passed a mark', () => {
  it.each([
    ['all of it', `${A}:1-9`, `${A}:1-9`, true],
    ['more', `${A}:1-9`, `${A}:1-12,${B}:1-3`, true],
    ['not the last one', `${A}:1-9`, `${A}:1-8`, false],
    ['not one in the middle', `${A}:1-9`, `${A}:1-4:6-9`, false],
    ['a server that never reaches it does not count', `${A}:1-9,${C}:1-7`, `${A}:1-9`, true],
    ['one that does, counts', `${A}:1-9,${C}:1-7`, `${A}:1-9,${C}:1-6`, false],
    ['a tag of the upstream that is new counts', `${A}:1-9:new:1`, `${A}:1-9`, false],
    ['no common history', `${A}:1-9`, `${B}:1-9`, undefined],
  ] as const)('MySQL: %s', (_name, mark, downstream, passed) => {
    expect(hasPassed(mysql(A, mark), mysql(B, downstream))).toBe(passed);
  });

  it.each([
    ['all of it', '0-1-9', '0-1-9', true],
    ['behind', '0-1-9', '0-1-8', false],
    ['a domain of its own does not count', '0-1-9,7-5-3', '0-1-9', true],
    ['a new domain of the upstream counts', '0-1-9,7-1-3', '0-1-9', false],
    ['another origin in the same domain', '0-1-9', '0-4-12', true],
    ['no common domain', '0-1-9', '3-1-9', undefined],
    ['not readable', '0-1-9', 'x', undefined],
  ] as const)('MariaDB: %s', (_name, mark, downstream, passed) => {
    expect(hasPassed(maria('1', mark), maria('2', downstream))).toBe(passed);
  });

  it('what a MariaDB replica wrote by itself is no part of what it applied', () => {
    expect(hasPassed(maria('1', '0-1-9'), replica('0-2-12', '0-1-8'))).toBe(false);
    expect(hasPassed(maria('1', '0-1-9'), replica('0-2-12', '0-1-9'))).toBe(true);
  });

  it('servers of two kinds never do', () => {
    expect(hasPassed(mysql(A, `${A}:1`), maria('2', '0-1-9'))).toBeUndefined();
  });
});

describe('a history goes on', () => {
  it.each([
    ['with more transactions', mysql(A, `${A}:1-9`), mysql(A, `${A}:1-12`), true],
    ['with none', mysql(A, `${A}:1-9`), mysql(A, `${A}:1-9`), true],
    ['not when it was reset', mysql(A, `${A}:1-9`), mysql(A, `${A}:1-3`), false],
    ['not on another server', mysql(A, `${A}:1-9`), mysql(B, `${A}:1-9`), false],
    ['not when the position is gone', mysql(A, `${A}:1-9`), { ...positionless, uuid: A }, false],
    ['MariaDB', maria('1', '0-1-9'), maria('1', '0-1-9,4-1-1'), true],
    ['MariaDB, reset', maria('1', '0-1-9'), maria('1', '0-1-3'), false],
    ['MariaDB, a domain that is gone', maria('1', '0-1-9,4-1-1'), maria('1', '0-1-12'), false],
  ] as const)('%s', (_name, earlier, now, isSame) => {
    expect(goesOn(earlier, now)).toBe(isSame);
  });
});

/**
 * Checks that a result column has the type of the plan. The plan uses the type to decide whether equal bytes are equal
 * values: four bytes are one number as INT, another as INT UNSIGNED, and another as FLOAT.
 */
import type { ComparedColumn } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { WIRE_TYPE, type WireColumn } from '../wire/wireColumn.ts';

const INTEGERS: Readonly<Record<string, number>> = {
  tinyint: WIRE_TYPE.tiny,
  smallint: WIRE_TYPE.short,
  mediumint: WIRE_TYPE.int24,
  int: WIRE_TYPE.long,
  bigint: WIRE_TYPE.longlong,
};
const OTHER_NUMBERS: Readonly<Record<string, number>> = {
  decimal: WIRE_TYPE.newDecimal,
  float: WIRE_TYPE.float,
  double: WIRE_TYPE.double,
  year: WIRE_TYPE.year,
};
const TEMPORALS: Readonly<Record<string, number>> = {
  date: WIRE_TYPE.date,
  time: WIRE_TYPE.time,
  datetime: WIRE_TYPE.datetime,
  timestamp: WIRE_TYPE.timestamp,
};
const BY_NAME = { ...INTEGERS, ...OTHER_NUMBERS, ...TEMPORALS };
const NUMBERS_AND_TIMES = new Set(Object.values(BY_NAME));

export function isAsPlanned(column: WireColumn, { types, readAs }: ComparedColumn, side: Side): boolean {
  if (readAs.kind === 'decimal') return column.type === WIRE_TYPE.newDecimal;
  if (readAs.kind === 'double') return column.type === WIRE_TYPE.double;
  // A number of 64 bits has its name; every other form is text or bytes.
  const form: string = readAs.kind;
  if (form === 'number') return column.type === WIRE_TYPE.longlong;
  if (form !== 'plain') return !NUMBERS_AND_TIMES.has(column.type);
  const declared = types[side].toLowerCase();
  const name = /^[a-z]+/.exec(declared)?.[0] ?? '';
  const isUnsigned = /unsigned|zerofill/.test(declared);
  if (name in INTEGERS) return column.type === INTEGERS[name] && column.isUnsigned === isUnsigned;
  const expected = BY_NAME[name];
  // Text and bytes in all their lengths: the bytes are the value.
  return expected === undefined ? !NUMBERS_AND_TIMES.has(column.type) : column.type === expected;
}

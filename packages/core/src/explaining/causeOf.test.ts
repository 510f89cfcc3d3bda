import { causeWords } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TypedValue, ValueKind } from '../ports/typedValue.ts';
import { causeOf } from './causeOf.ts';

const value = (kind: ValueKind, text: string | null): TypedValue | null =>
  text === null ? null : { kind, text };
const told = (kind: ValueKind, base: string | null, target: string | null) =>
  causeWords(causeOf({ base: value(kind, base), target: value(kind, target) }));

it.each<[ValueKind, string | null, string | null, string]>([
  ['text', null, 'x', 'NULL on one side'],
  ['text', '', null, 'NULL against an empty value'],
  ['number', null, '0.00', 'NULL against 0'],
  ['text', 'Customer 4711', 'Customer 4', 'truncated at 10'],
  ['text', 'ää😀b', 'ää😀', 'truncated at 3'],
  ['bytes', '00ff10', '00ff', 'truncated at 2'],
  ['text', 'name', 'name  ', 'white space at the end'],
  ['text', 'Name', 'NAME', 'upper and lower case'],
  ['text', 'caf\u00e9', 'cafe\u0301', 'the form of Unicode (composed or not)'],
  ['text', 'Zoë 😀', 'Zo? ?', 'characters lost as "?"'],
  ['text', 'Zoë 😀', 'Zo? ??', 'characters lost as "?"'],
  ['text', 'Müller', 'MÃ¼ller', 'UTF-8 read as latin1'],
  ['text', '5 €', '5 â‚¬', 'UTF-8 read as latin1'],
  ['text', 'MÃ¼ller', 'Müller', 'UTF-8 read as latin1'],
  ['json', '{"a":1,"b":[1,2]}', '{"b": [1, 2], "a": 1.0}', 'the order or spelling of JSON'],
  ['number', '10.129', '10.13', 'rounded to 2 decimals'],
  ['number', '10.129', '10.12', 'rounded to 2 decimals'],
  ['number', '-10.15', '-10.2', 'rounded to 1 decimal'],
  ['number', '10.5', '10', 'rounded to 0 decimals'],
  ['number', '18446744073709551615', '18446744073709551614', 'off by one'],
  ['number', '5', '-5', 'the sign'],
  ['float', '0.1', '0.10000000149011612', 'the precision of FLOAT'],
  ['moment', '2026-11-27 10:00:00', '2026-11-27 12:00:00', '2 h later'],
  ['moment', '2026-11-27 00:15:00', '2026-11-26 18:45:00', '5 h 30 min earlier'],
  ['moment', '2026-11-27 10:00:00.123456', '2026-11-27 10:00:00', 'fractions of a second lost'],
  ['moment', '2026-11-27 10:00:00.999600', '2026-11-27 10:00:01', 'fractions of a second lost'],
  ['moment', '2026-11-27 10:00:00.123456', '2026-11-27 10:00:00.123', 'fractions of a second lost'],
  ['moment', '2026-11-27 10:00:00', '2026-11-27 00:00:00', 'the time of day lost'],
])('%s %s against %s: %s', (kind, base, target, words) => {
  expect(told(kind, base, target)).toBe(words);
});

it.each<[ValueKind, string | null, string | null]>([
  ['text', 'abc', ''],
  ['text', 'abc', 'abcd'],
  ['text', 'abc', 'xbc'],
  ['text', 'what?', 'whats'],
  ['text', 'what', 'wha?'],
  ['json', '{"a":1}', '{"a":2}'],
  ['number', '0', '1'],
  ['number', '10.129', '10.14'],
  ['number', '10.12', '10.129'],
  ['number', '100', '10'],
  ['number', '0.01', '0.02'],
  ['float', '1.5', '1.25e300'],
  ['moment', '2026-11-27 10:00:00', '2026-11-27 10:01:00'],
  ['moment', '2026-11-27 10:00:00', '2026-12-27 10:00:00'],
  ['moment', '0000-00-00 00:00:00', '2026-11-27 10:00:00'],
  ['moment', '2026-11-27 10:00:00', '2026-11-27 10:00:00.5'],
  ['time', '10:00:00', '11:00:00'],
  ['bytes', '00ff', '00fe'],
])('%s %s against %s has no known cause', (kind, base, target) => {
  expect(told(kind, base, target)).toBe('other');
});

it('text of any content and a target made from it by one damage is told as that damage, or one that makes the same', () => {
  const words = fc.string({ unit: 'grapheme', minLength: 2, maxLength: 30 });
  const damages: Readonly<Record<string, (text: string) => string>> = {
    truncated: (text) => [...text].slice(0, -1).join(''),
    trailingSpace: (text) => `${text}  `,
    letterCase: (text) => text.toUpperCase(),
    mojibake: (text) => Buffer.from(text, 'utf8').toString('latin1'),
    lostCharacters: (text) => [...text].map((one) => (one.charCodeAt(0) < 128 ? one : '?')).join(''),
  };
  fc.assert(
    fc.property(words, fc.constantFrom(...Object.keys(damages)), (base, code) => {
      const target = (damages[code] as (text: string) => string)(base);
      if (target === base || target === '') return;
      const cause = causeOf({ base: value('text', base), target: value('text', target) });
      // Of some texts two damages make the same: a cut-off blank, a letter whose other case is composed.
      expect([code, 'trailingSpace', 'letterCase', 'unicodeForm', 'other']).toContain(cause.code);
      if (code !== 'letterCase' && code !== 'truncated') expect(cause.code).not.toBe('other');
    }),
  );
});

it('numbers that are rounded to fewer digits are told with their digits', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      fc.integer({ min: 0, max: 4 }),
      (digits, scale) => {
        const sign = digits < 0n ? '-' : '';
        const text = String(digits < 0n ? -digits : digits).padStart(6, '0');
        const exact = `${sign}${text.slice(0, -5)}.${text.slice(-5)}`;
        const short = exact.slice(0, exact.length - (5 - scale)).replace(/\.$/, '');
        const cause = causeOf({ base: value('number', exact), target: value('number', short) });
        const isChanged = /[1-9]/.test(exact.slice(exact.length - (5 - scale)));
        if (!isChanged) return;
        const kept = /\.(\d*?)0*$/.exec(short)?.[1]?.length ?? 0;
        expect(cause).toEqual({ code: 'rounded', at: kept });
      },
    ),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AskedKeys, isOutside } from './keyRange.ts';

it.each([
  [['9'], ['10'], null, true],
  [['10'], ['10'], null, true],
  [['11'], ['10'], null, false],
  [['-11'], ['-10'], null, true],
  [['9007199254740993'], ['9007199254740992'], ['9007199254740993'], false],
  [['9007199254740994'], null, ['9007199254740993'], true],
])('of integers, %j is outside of (%j, %j]: %j', (key, after, upTo, is) => {
  expect(isOutside(key, { after, upTo }, ['integer'])).toBe(is);
});

it.each([
  ['binary', ['00ff'], ['00ff'], true],
  ['binary', ['00ff00'], ['00ff'], false],
  ['decimal', ['1.50'], ['1.5'], true],
  ['decimal', ['-1.50'], ['-1.6'], false],
  ['text', ['b'], ['b'], true],
  ['text', ['B'], ['b'], false],
  ['text', ['a'], ['b'], false],
  ['temporal', ['2024-01-01'], ['2024-01-01'], true],
] as const)('of %s, %j is not after %j: %j', (kind, key, after, is) => {
  expect(isOutside(key, { after, upTo: null }, [kind])).toBe(is);
});

it('a bound that is shorter than the key counts by its columns alone', () => {
  const kinds = ['integer', 'text'] as const;
  expect(isOutside(['5', 'x'], { after: ['5'], upTo: null }, kinds)).toBe(true);
  expect(isOutside(['5', 'x'], { after: null, upTo: ['5'] }, kinds)).toBe(false);
  expect(isOutside(['6', 'a'], { after: ['5', 'x'], upTo: null }, kinds)).toBe(false);
  // Whether one text is before another is the server's to say.
  expect(isOutside(['5', 'a'], { after: ['5', 'x'], upTo: null }, kinds)).toBe(false);
});

it('for any integers, a key is outside exactly when it is not after < key <= upTo', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), fc.bigInt(), (key, after, upTo) => {
      const range = { after: [String(after)], upTo: [String(upTo)] };
      expect(isOutside([String(key)], range, ['integer'])).toBe(!(after < key && key <= upTo));
    }),
  );
});

it.each([
  ['integer', ['7'], ['8'], 'notAsked'],
  ['integer', ['7'], ['7'], 'asked'],
  ['binary', ['00ff'], ['00fe'], 'notAsked'],
  ['decimal', ['1.5'], ['1.500'], 'asked'],
  ['decimal', ['0'], ['-0.00'], 'asked'],
  ['temporal', ['2024-01-01'], ['2024-01-01 00:00:00'], 'asked'],
  ['temporal', ['2024-01-01'], ['2024-01-02'], 'notAsked'],
  ['text', ['abc'], ['ABC'], 'asked'],
] as const)('of %s, asked for %j and given %j: %s', (kind, asked, given, is) => {
  expect(new AskedKeys([asked], [kind]).take(given)).toBe(is);
});

it('a key that was given once is not given again, and no more keys come than were asked for', () => {
  const asked = new AskedKeys([['a'], ['A'], ['a']], ['text']);
  expect(asked.size).toBe(2);
  expect([asked.take(['a']), asked.take(['A']), asked.take(['a'])]).toEqual(['asked', 'asked', 'twice']);
});

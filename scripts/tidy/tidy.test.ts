import { expect, test } from 'vitest';
import { parameterLists } from './parameters.ts';
import { codeOf } from './parsed.ts';
import { problemsOf } from './rules.ts';

const PATH = 'packages/core/src/a.ts';
const bodyOf = (lines: number) => '  step();\n'.repeat(lines);

test.each([
  ['a function', (body: string) => `export async function f(a: number): Promise<void> {\n${body}}\n`],
  ['a method', (body: string) => `class A {\n  #f(a: number): void {\n${body}  }\n}\n`],
  ['an arrow', (body: string) => `const f = (a: number) => {\n${body}};\n`],
  [
    'a function with its parameters below',
    (body: string) => `function f(\n  a: number,\n): void {\n${body}}\n`,
  ],
])('%s of more than 70 lines is a problem, one of 70 is none', (_name, make) => {
  expect(problemsOf(PATH, make(bodyOf(69)))).toEqual([expect.stringContaining('a function of 71 lines')]);
  expect(problemsOf(PATH, make(bodyOf(68)))).toEqual([]);
});

test('what is no function may be long: a class, a table; and so may a suite of tests', () => {
  expect(problemsOf(PATH, `export class A {\n${bodyOf(90)}}\n`)).toEqual([]);
  expect(problemsOf(PATH, `export const TABLE = {\n${'  a: 1,\n'.repeat(90)}};\n`)).toEqual([]);
  const suite = `describe('all', () => {\n${bodyOf(90)}});\n`;
  expect(problemsOf('packages/core/src/a.test.ts', suite)).toEqual([]);
});

test.each(['// ', ' * ', '/** '])(
  'a line of a comment (%j) of more than 120 characters is a problem',
  (mark) => {
    const comment = (length: number) => `${mark}${'x'.repeat(length - mark.length)}\n`;
    expect(problemsOf(PATH, comment(121))).toEqual([expect.stringContaining('a comment of 121 characters')]);
    expect(problemsOf(PATH, comment(120))).toEqual([]);
    expect(problemsOf(PATH, `const text = '${'x'.repeat(200)}';\n`)).toEqual([]);
  },
);

test.each([
  'function f(a: A, b: B, c: C, d: D): void {}',
  'const f = (a, b, c, d) => a;',
  'class A {\n  f(a: A, b: B, c: C, d = 1): void {}\n}',
  'interface A {\n  f(a: A, b: B, c: C, d?: D): void;\n}',
  'class A {\n  constructor(a: A, b: Map<string, B>, { c, e }: C, d: D) {}\n}',
])('four positional parameters are a problem: %s', (text) => {
  expect(problemsOf(PATH, text)).toEqual([expect.stringContaining('4 parameters')]);
});

test.each([
  'function f(a: A, b: Map<string, B>, { c, d, e }: C): void {}',
  'f(a, b, c, d);',
  'const f = (a: (x: X, y: Y) => Z, b: B) => a;',
  "const text = 'function f(a, b, c, d) {}';",
  '// function f(a, b, c, d) {}',
])('three parameters, a call and a text are none: %s', (text) => {
  expect(problemsOf(PATH, text)).toEqual([]);
});

test.each([
  'function f(of: A): void {}',
  'const f = (at) => 1;',
  'const f = at => 1;',
  'const at = 1;',
  'let [of] = list;',
  'for (const of of list) step(of);',
  'interface A {\n  f(so: A): void;\n}',
  'function f(a: A, ...on: B[]): void {}',
])('a preposition as the name of a parameter or a local is a problem: %s', (text) => {
  expect(problemsOf(PATH, text)).toEqual([expect.stringContaining('say what it holds')]);
});

test.each([
  'for (const one of list) step(one);',
  'const { of, at } = one;',
  'list.at(1);',
  'const f = (after: Key, upTo: Key) => 1;',
  'const offset = 1;',
])('a keyword, a member and the ends of a range are none: %s', (text) => {
  expect(problemsOf(PATH, text)).toEqual([]);
});

test.each([
  'nobody',
  'Somebody',
  'anybody',
  'Everybody',
  'someone',
  'anyone',
  'everyone',
  'whoever',
  'Whatever',
  'wherever',
  'hence',
  'shall',
])('a comment does not say %s', (word) => {
  for (const comment of [`// That is what ${word} does.`, `/** ${word} does it. */`, ` * As ${word} does.`]) {
    expect(problemsOf(PATH, comment)).toEqual([expect.stringContaining('name the subject')]);
  }
  expect(problemsOf(PATH, `const text = '${word}';`)).toEqual([]);
});

test.each(['ShardParts', 'CutRequest', 'KafkaSettings', 'PairContext', 'PlanningPorts', 'CommitArgs'])(
  'a bag of parameters is not named %s',
  (name) => {
    for (const text of [`export interface ${name} {\n}`, `type ${name} = {};`, `interface ${name}<T> {\n}`]) {
      expect(problemsOf(PATH, text)).toEqual([expect.stringContaining('expected …Deps, …Options or …Input')]);
    }
    expect(problemsOf(PATH, `import type { ${name} } from 'elsewhere';\n// interface ${name} {`)).toEqual([]);
  },
);

test.each(['ShardDeps', 'CutInput', 'KafkaOptions', 'StreamLimits', 'Context', 'Settings'])(
  'a type may be named %s',
  (name) => expect(problemsOf(PATH, `export interface ${name} {\n}`)).toEqual([]),
);

test('texts, comments and regular expressions are no code, and keep their lines', () => {
  const text = "const a = 'x' + `y z`; // end\nconst c = /[/'(]/.test(d) / 2;\n/* one\ntwo */ e();";
  const code = codeOf(text);
  expect(code.length).toBe(text.length);
  expect(code.split('\n')).toHaveLength(4);
  expect(code).not.toMatch(/[xyz]|end|one|two/);
  expect(code).toContain('.test(d) / 2;');
  expect(parameterLists(codeOf("f('(a, b)', (c) => 1);"))).toEqual([{ line: 1, parameters: ['c'] }]);
});

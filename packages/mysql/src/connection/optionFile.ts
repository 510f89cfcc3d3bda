/**
 * Reads a file of options as the programs of MySQL do (my.cnf). Their rules are not those of INI files: a # begins a
 * comment anywhere outside quotes, a ; only at the beginning of a line; quotes are removed where they enclose a value;
 * \b \t \n \r \s \\ \" and \' are escapes. Source: "Using Option Files" in MySQL's manual, and mysys/my_default.cc.
 */
import type { Read } from './connectionTarget.ts';

/** By group and then by name, with - for _; the value of an option without one is undefined. */
export type OptionGroups = ReadonlyMap<string, ReadonlyMap<string, string | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ b: '\b', t: '\t', n: '\n', r: '\r', s: ' ' },
  ...{ '\\': '\\', '"': '"', "'": "'" },
};

/** No problem shows a value. */
export function readOptionFile(text: string): Read<{ readonly groups: OptionGroups }> {
  const groups = new Map<string, Map<string, string | undefined>>();
  let group: Map<string, string | undefined> | undefined;
  for (const [i, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    const fail = (what: string) => ({ problem: `line ${i + 1}: ${what}` });
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('!')) {
      return fail(
        'expected no !include or !includedir: files that other files name are not read. Put the options into this file',
      );
    }
    if (line.startsWith('[')) {
      const end = line.indexOf(']');
      if (end < 0) return fail('expected a "]" behind the name of the group');
      const name = line.slice(1, end).trim();
      group = groups.get(name) ?? new Map();
      groups.set(name, group);
      continue;
    }
    if (!group) return fail('expected a group before the first option, such as [client]');
    const [name, value] = optionIn(line);
    group.set(name, value);
  }
  return { groups };
}

function optionIn(line: string): readonly [name: string, value: string | undefined] {
  const text = withoutComment(line).trimEnd();
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trimEnd();
  const value = equals < 0 ? undefined : unescaped(unquoted(text.slice(equals + 1).trim()));
  return [name.replace(/^loose[-_]/, '').replaceAll('_', '-'), value];
}

/** A \ protects a quotation mark only between quotation marks. */
function withoutComment(line: string): string {
  let quote: string | undefined;
  let isEscaped = false;
  for (let i = 0; i < line.length; i += 1) {
    const character = line.charAt(i);
    if (!isEscaped && (character === '"' || character === "'")) {
      if (quote === undefined) quote = character;
      else if (quote === character) quote = undefined;
    }
    if (quote === undefined && character === '#') return line.slice(0, i);
    isEscaped = quote !== undefined && character === '\\' && !isEscaped;
  }
  return line;
}

function unquoted(value: string): string {
  const [first] = value;
  const isQuoted = value.length > 1 && (first === '"' || first === "'") && value.endsWith(first);
  return isQuoted ? value.slice(1, -1) : value;
}

/** A \ before any other character stays, and so does one at the end. */
function unescaped(value: string): string {
  return value.replace(/\\(.)/gs, (both, character: string) => ESCAPES[character] ?? both);
}

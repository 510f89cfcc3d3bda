// The parameter lists of a module: of functions, methods and arrows, of their types too. By the text alone.

export interface ParameterList {
  /** From 1. */
  readonly line: number;
  /** As they stand between the commas: a name, or a pattern. */
  readonly parameters: readonly string[];
}

const KEYWORDS = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'with',
  'return',
  'await',
  'super',
  'typeof',
]);
const FUNCTION = /\bfunction\b\*?\s*[\w$]*\s*(?:<[^()]*>)?\s*$/;
const METHOD = /(?:^|\n)\s*(?:(?:static|override|async|get|set|abstract)\s+)*\*?([#\w$]+)\??(?:<[^()]*>)?$/;
const OPENS = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

export function parameterLists(code: string): ParameterList[] {
  const lists: ParameterList[] = [];
  for (let open = code.indexOf('('); open >= 0; open = code.indexOf('(', open + 1)) {
    const close = closing(code, open);
    if (close < 0 || !isDeclared(code, open, close)) continue;
    const parameters = itemsOf(code.slice(open + 1, close));
    lists.push({ line: code.slice(0, open).split('\n').length, parameters });
  }
  return lists;
}

function isDeclared(code: string, open: number, close: number): boolean {
  const rest = code.slice(close + 1, close + 400);
  if (/^\s*=>/.test(rest) || /^\s*:\s[^=;,)]*=>/.test(rest)) return true;
  const before = code.slice(Math.max(0, open - 200), open);
  if (FUNCTION.test(before)) return true;
  const [, name] = METHOD.exec(before) ?? [];
  return name !== undefined && !KEYWORDS.has(name) && /^\s*(?:\{|:\s)/.test(rest);
}

function closing(code: string, open: number): number {
  let depth = 0;
  for (let i = open; i < code.length; i += 1) {
    if (code[i] === '(') depth += 1;
    else if (code[i] === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

/** Split at the commas that stand in no bracket of their own. */
function itemsOf(list: string): string[] {
  const items: string[] = [];
  const awaited: string[] = [];
  let item = '';
  for (const [i, char] of [...list].entries()) {
    const isArrow = char === '>' && list[i - 1] === '=';
    if (OPENS.has(char)) awaited.push(OPENS.get(char) as string);
    else if (char === '<') awaited.push('>');
    else if (char === awaited.at(-1) && !isArrow) awaited.pop();
    else if (char === ',' && awaited.length === 0) {
      items.push(item.trim());
      item = '';
      continue;
    }
    item += char;
  }
  return [...items, item.trim()].filter(Boolean);
}

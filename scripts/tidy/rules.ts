// The style that a formatter and a linter do not know: short functions, narrow comments in plain words, few
// parameters, names that say what they hold.

import { type ParameterList, parameterLists } from './parameters.ts';
import { codeOf } from './parsed.ts';

const FUNCTION_LINES_MAX = 70;
const COMMENT_CHARACTERS_MAX = 120;
const PARAMETERS_MAX = 3;

/** Prepositions say how things stand to each other, not what they are. The ends of a range are `after` and `upTo`. */
const NO_NAMES = 'of|at|so|for|on|to|by|with|into|upon|over|behind|beside|within|without';
const PARAMETER_NAME = new RegExp(`^(?:\\.\\.\\.)?(${NO_NAMES})\\??(?=$|\\s*[:=])`);
const LOCAL_NAME = new RegExp(`\\b(?:const|let)\\s+(?:\\[\\s*)?(${NO_NAMES})\\b`);
const SHORT_ARROW = new RegExp(`(?<![\\w.)])(${NO_NAMES})\\s*=>`);
/** A sentence names its subject: the operator, the caller, another worker. */
const NO_WORDS =
  /\b(nobody|somebody|anybody|everybody|someone|anyone|everyone|whoever|whatever|wherever|whilst|hence|lest|shall)\b/i;
/** A bag of parameters is named by what it holds: collaborators …Deps, tunables …Options, data …Input. */
const BAG_NAME =
  /\b(?:interface|type)\s+(\w*[a-z](?:Parts|Ports|Request|Args|Params|Settings|Context|Props))\b(?=\s*(?:<|=|\{|extends))/;
/** Not bags: what a test framework declares, a set of option tables, the process's own settings. */
const NO_BAGS: ReadonlySet<string> = new Set(['ProvidedContext', 'CheckSettings']);
const COMMENT_LINE = /^\s*(?:\/\/|\/\*|\*(?:\s|\/|$))/;

export function problemsOf(path: string, text: string): string[] {
  const code = codeOf(text);
  const lists = parameterLists(code);
  const isSuite = path.endsWith('.test.ts') || path.includes('/conformance/');
  const problems = [
    ...(isSuite ? [] : longFunctions(code)),
    ...wideComments(text),
    ...wordsOfComments(text),
    ...(isSuite ? [] : lists.flatMap(manyParameters)),
    ...lists.flatMap(parameterNames),
    ...localNames(code),
    ...bagNames(code),
  ];
  return problems.map(({ line, problem }) => `${path}:${line}: ${problem}`);
}

interface Problem {
  readonly line: number;
  readonly problem: string;
}

/** The formatter closes what a line opens with a line of the same indentation. */
function longFunctions(code: string): Problem[] {
  const lines = code.split('\n');
  return lines.flatMap((opener, i) => {
    if (!opensFunction(opener)) return [];
    const indentation = /^\s*/.exec(opener)?.[0] as string;
    const length = lines.slice(i + 1).findIndex((line) => line.startsWith(`${indentation}}`)) + 2;
    if (length <= FUNCTION_LINES_MAX) return [];
    return [
      { line: i + 1, problem: `a function of ${length} lines; expected at most ${FUNCTION_LINES_MAX}` },
    ];
  });
}

function opensFunction(line: string): boolean {
  if (!line.endsWith('{') || /^\s*(?:if|for|while|switch|do|try|\}|class)\b|\bclass\b/.test(line))
    return false;
  return (
    /=> \{$|\bfunction\b/.test(line) ||
    /^\s*\)(?::.*)? \{$/.test(line) ||
    /^\s+[^=]*\)(?::.*)? \{$/.test(line)
  );
}

function wideComments(text: string): Problem[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.length <= COMMENT_CHARACTERS_MAX || !COMMENT_LINE.test(line)) return [];
    return [
      {
        line: i + 1,
        problem: `a comment of ${line.length} characters; expected at most ${COMMENT_CHARACTERS_MAX}`,
      },
    ];
  });
}

function wordsOfComments(text: string): Problem[] {
  return text.split('\n').flatMap((line, i) => {
    const [, word] = (COMMENT_LINE.test(line) && NO_WORDS.exec(line)) || [];
    return word === undefined ? [] : [{ line: i + 1, problem: `a comment says "${word}"; name the subject` }];
  });
}

function manyParameters({ line, parameters }: ParameterList): Problem[] {
  if (parameters.length <= PARAMETERS_MAX) return [];
  return [
    {
      line,
      problem: `${parameters.length} parameters; expected at most ${PARAMETERS_MAX}: make one object of some`,
    },
  ];
}

function parameterNames({ line, parameters }: ParameterList): Problem[] {
  return parameters.flatMap((parameter) => {
    const [, name] = PARAMETER_NAME.exec(parameter) ?? [];
    return name === undefined ? [] : [{ line, problem: `a parameter is named "${name}"; say what it holds` }];
  });
}

function localNames(code: string): Problem[] {
  return code.split('\n').flatMap((line, i) => {
    const [, name] = LOCAL_NAME.exec(line) ?? SHORT_ARROW.exec(line) ?? [];
    return name === undefined ? [] : [{ line: i + 1, problem: `a name is "${name}"; say what it holds` }];
  });
}

function bagNames(code: string): Problem[] {
  return code.split('\n').flatMap((line, i) => {
    const [, name = ''] = BAG_NAME.exec(line) ?? [];
    if (name === '' || NO_BAGS.has(name)) return [];
    return [{ line: i + 1, problem: `a bag is named "${name}"; expected …Deps, …Options or …Input` }];
  });
}

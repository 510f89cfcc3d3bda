/** The table of docs/corruption.md: which corruptions are planted in a column of each type. */
import { COLUMN_CASES } from './columnCases.ts';

const EVERYWHERE = [
  'row dropped (in the middle, at the end)',
  'row added with the content of another (below the smallest key, above the largest)',
  'values swapped between two columns',
  'values swapped between two rows',
  'the same flag flipped in an even number of rows, and in all rows',
  'two counters changed by +1 and −1',
];

export function corruptionTable(): string {
  const lines = COLUMN_CASES.map(({ type, values, same = [], only }) => {
    const names = [...new Set(values.map(({ name }) => name))].join(', ');
    const server = only === 'mysql9' ? ' (MySQL 9)' : '';
    return `| \`${type}\`${server} | ${names} | ${same.map(({ name }) => `\`${name}\``).join(', ')} |`;
  });
  return [
    '# What is planted, and found',
    '',
    'Made by `packages/mysql/src/testing/corruption/corruption.mysql.test.ts`, which plants every corruption of this page in',
    'real tables, between rows that agree, and demands that each is reported with the right type and columns and that',
    'nothing else is. It runs on the servers that the tests find: MariaDB, MySQL, or one of each.',
    '',
    'In a table of every type:',
    '',
    ...EVERYWHERE.map((name) => `- ${name}`),
    '',
    'In a column of the type, one row each:',
    '',
    '| type | reported | equal by rule, counted |',
    '|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

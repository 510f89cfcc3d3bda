import { runSpec } from '@rowparity/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type RunAnswers, runFileSchema, runFileText } from './runFile.ts';

const ANSWERS: RunAnswers = {
  tables: { names: ['orders', 'log*'], exclude: ['logs_old'] },
  direction: 'DST',
  topic: undefined,
  runId: undefined,
};
const OF_SERVICES: RunAnswers = { ...ANSWERS, topic: 'dbMove.test', runId: 'shop-1' };

it('the file says what was answered, and nothing else', async () => {
  expect(parse(await runFileText(ANSWERS, 's.json'))).toEqual({
    ...{ version: 1, source: 'source', destination: 'destination', direction: 'DST' },
    tables: [{ name: 'orders' }, { pattern: 'log*', exclude: ['logs_old'] }],
  });
  const spec = runSpec.parse(parse(await runFileText(OF_SERVICES, 's.json')));
  expect(spec).toMatchObject({ runId: 'shop-1', events: { topic: 'dbMove.test' } });
});

it('its first line leads an editor to the schema, which takes the file and refuses a typo', async () => {
  for (const answers of [ANSWERS, OF_SERVICES]) {
    const text = await runFileText(answers, '.rowparity/s.json');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=.rowparity/s.json');
    const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(runFileSchema(answers)));
    expect(isValid(parse(text)), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid({ ...parse(text), tabels: [] })).toBe(false);
  }
});

it('only a file for the services must have the id of a run', () => {
  const required = (answers: RunAnswers) => JSON.parse(runFileSchema(answers)).required as string[];
  expect(required(ANSWERS)).not.toContain('runId');
  expect(required(OF_SERVICES)).toContain('runId');
});

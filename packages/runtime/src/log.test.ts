import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** In a process of its own: a log writes to standard output. */
function logged(options: string, then = ''): string {
  const script = `import { openLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)};
const log = await openLog('worker', ${options});
log.info({ run: 'r-1' }, 'shard done');
log.debug('not told');
${then}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout;
}

it.each(["{ logLevel: 'info' }", "{ logLevel: 'info', logFormat: 'json' }"])(
  'where standard output is no terminal each line is an object: %s',
  (options) => {
    const lines = logged(options).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'info', app: 'worker', run: 'r-1', msg: 'shard done' },
    ]);
  },
);

it('for people it is a line with the time, the level and the words', () => {
  const text = logged("{ logLevel: 'info', logFormat: 'pretty' }");
  expect(text).toMatch(/^\[\d\d:\d\d:\d\d\.\d+\] INFO: shard done\n {4}run: "r-1"\n$/);
});

it('what Node and libraries print is an object of the log, and a time-out below zero is none', () => {
  const printing = `console.log('to %s', 'output');
console.error(new Error('to errors'));
process.emitWarning('old', 'DeprecationWarning');
setTimeout(() => {}, -5);`;
  const lines = logged("{ logLevel: 'info' }", printing).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'shard done' },
    { level: 'info', library: true, msg: 'to output' },
    { level: 'error', library: true, msg: expect.stringContaining('to errors') },
    { level: 'warn', err: { type: 'DeprecationWarning', message: 'old' } },
  ]);
});

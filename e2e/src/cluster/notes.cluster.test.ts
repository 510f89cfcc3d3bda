import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { hasCluster, needsCluster } from './testing/needsCluster.ts';
import type { Outcome } from './testing/program.ts';
import { Scene } from './testing/scene.ts';

let scene: Scene;

beforeAll(async () => {
  if (!hasCluster()) return;
  scene = await Scene.open('notes');
});
afterAll(() => scene?.close());
beforeEach(needsCluster);

test('a Secret that is not there: the command of the notes names it, and the pods start when it comes', async () => {
  scene.tellWhenFailed();
  const notes = await scene.chart.apply(scene.values());
  await expect
    .poll(() => toldBy(notes, /^ +kubectl .* get events .*$/m))
    .toMatchObject({ stdout: expect.stringContaining('secret "rowparity" not found') });
  await scene.createSecret();
  await expect.poll(() => scene.readyPods('worker'), { timeout: 300_000 }).toBe(1);
});

test('a run can be ordered and watched as the notes say, from inside the pods', async () => {
  scene.tellWhenFailed();
  const notes = await scene.chart.apply(scene.values(), '--wait');
  const spec = {
    ...{ version: 1, runId: 'noted', source: 'source', destination: 'destination', stage: 'src_first' },
    tables: [{ pattern: 'countries' }],
  };
  const submit = await toldBy(notes, /^ +kubectl .* rowparity submit .*$/m, JSON.stringify(spec));
  expect(submit).toMatchObject({ code: 0, stdout: expect.stringMatching(/^noted /) });
  // The exit code is the verdict: consistent.
  expect(await toldBy(notes, /^ +kubectl .* rowparity watch .*$/m)).toMatchObject({ code: 0 });
});

/** What a command of the notes says when it is run, word for word but for the name of the run. */
function toldBy(notes: string, line: RegExp, input = ''): Promise<Outcome> {
  const command = line
    .exec(notes)?.[0]
    .trim()
    .replace(/ < .*$/, '')
    .replace(/\bRUN\b/, 'noted');
  if (command === undefined) throw new Error(`the notes have no ${line}: ${notes}`);
  return scene.kubectl.outcome(command.split(/\s+/).slice(1), input);
}

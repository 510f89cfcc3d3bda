// Walks a migration through its four stages: `node src/main.ts MIGRATION DEFINITION [SWITCH]`. In each stage it orders
// a full run and asks the gate. When that is open, it runs SWITCH, a program of yours that makes the application write
// and read where the next stage says, and switches the stage. Killed at any point, it goes on where it was.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { RowparityClient } from '@rowparity/client';
import type { MigrationDefinitionInput, MigrationGateAnswer, Stage } from '@rowparity/contracts';

const ORDER: readonly Stage[] = ['src_only', 'src_first', 'dst_first', 'dst_only'];
const POLL_MS = 1000;
/** A gate that was closed is asked again behind another full run: so often, and after so long. */
const TRIES_MAX = Number(process.env.TRIES_MAX ?? 10);
const AGAIN_MS = Number(process.env.AGAIN_MS ?? 60_000);

const [id, file, program] = process.argv.slice(2);
if (!id || !file) {
  console.error('usage: node src/main.ts MIGRATION DEFINITION.json [SWITCH-PROGRAM]');
  process.exit(2);
}

const client = new RowparityClient({
  coordinator: process.env.ROWPARITY_COORDINATOR ?? 'http://127.0.0.1:8080',
  reporter: process.env.ROWPARITY_REPORTER ?? 'http://127.0.0.1:8082',
  token: process.env.ROWPARITY_HTTP_TOKEN,
});

const definition = JSON.parse(await readFile(file, 'utf8')) as MigrationDefinitionInput;
let { stage } = await client.migrations.put(id, definition);
for (;;) {
  console.log(`${id} is in ${stage}`);
  // Also in the last stage: what was switched there is proved, too.
  if (!(await untilReady(id))) process.exit(1);
  const next = ORDER[ORDER.indexOf(stage) + 1];
  if (next === undefined) break;
  stage = await goOn(id, stage, next);
}
console.log(`${id} is done: the destination is right, and nothing differs`);

/** False: the gate stayed closed. What closes it was printed, for a person or a repairer. */
async function untilReady(migration: string): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    await fullRun(migration);
    const gate = await client.migrations.gate(migration);
    print(gate);
    if (gate.ready) return true;
    if (tries >= TRIES_MAX) return false;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** One full run that begins from now on, or the one that is under way. */
async function fullRun(migration: string): Promise<void> {
  const { runs, runId, ordered } = await client.migrations.get(migration);
  const isOpen = runId !== null && (await client.get(runId)).state !== 'settled';
  const number = isOpen && ordered === null ? runs : runs + 1;
  // Ordered by its number, it is one run, however often the order is sent.
  await client.migrations.orderRun(migration, { number });
  while ((await client.migrations.get(migration)).runs < number) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await client.waitUntilSettled(`${migration}.${number}`, { pollMs: POLL_MS });
}

/** The program may be called twice for one switch, when this process was killed in between. */
async function goOn(migration: string, from: Stage, next: Stage): Promise<Stage> {
  if (program !== undefined) await run(program, from, next);
  const switched = await client.migrations.switchStage(migration, next, { expected: from });
  return switched.stage;
}

async function run(command: string, from: Stage, next: Stage): Promise<void> {
  const child = spawn(command, [from, next], { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${from} ${next} ended with ${code}: the stage stays ${from}`);
}

function print({ stage: now, ready, reasons, lastRun }: MigrationGateAnswer): void {
  console.log(`  ${ready ? 'ready' : 'not ready'} to leave ${now}, by run ${lastRun?.runId ?? '(none)'}`);
  for (const { code, message } of reasons) console.log(`  - ${code}: ${message}`);
}

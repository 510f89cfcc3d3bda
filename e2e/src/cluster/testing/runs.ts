// Runs of a scene, ordered and followed from inside its pods: the image has the command line and Node, so that no port
// of the cluster is opened and no forward ends with its pod.

import { RELEASE } from './chart.ts';
import type { Scene } from './scene.ts';
import { PLANTED_SQL } from './shop.ts';

export interface Report {
  readonly state: string;
  readonly verdict: string | null;
  readonly percent: number;
  readonly shards: Readonly<Record<string, number>>;
}

interface RunOptions {
  readonly runId: string;
  readonly tables?: string;
  readonly shardRows?: number;
}

/** Fetches a path of the service that it runs beside, with the token that the pod has. */
const ASK = `
  const { readFileSync } = require('node:fs');
  const authorization = 'Bearer ' + readFileSync('/etc/rowparity/secrets/http-token', 'utf8');
  fetch('http://127.0.0.1:' + process.env.ROWPARITY_HTTP_PORT + process.argv[1], { headers: { authorization } })
    .then(async (answer) => {
      if (!answer.ok) throw new Error(answer.status + ' ' + await answer.text());
      process.stdout.write(await answer.text());
    });`;

export async function submitRun(scene: Scene, { runId, tables = '*', shardRows = 5000 }: RunOptions) {
  const spec = {
    ...{ version: 1, runId, source: 'source', destination: 'destination', stage: 'src_first' },
    tables: [{ pattern: tables }],
    shard: { rows: shardRows, window: 64 },
    recheck: { delaysMs: [500, 1000, 2000] },
  };
  const command = ['rowparity', 'submit', '--coordinator', 'http://127.0.0.1:8080', '-'];
  await scene.kubectl.exec(`deployment/${RELEASE}-coordinator`, command, JSON.stringify(spec));
}

export async function reportOf(scene: Scene, runId: string): Promise<Report> {
  const command = ['node', '--eval', ASK, `/v1/runs/${runId}/report`];
  return JSON.parse(await scene.kubectl.exec(`deployment/${RELEASE}-reporter`, command)) as Report;
}

/** For polls: undefined while the reporter cannot be asked. */
export function reportSoon(scene: Scene, runId: string): Promise<Report | undefined> {
  return reportOf(scene, runId).catch(() => undefined);
}

/** `table type`, and how many rows: what the data has. */
export async function planted(scene: Scene): Promise<Readonly<Record<string, number>>> {
  const lines = (await scene.servers.sql('source', PLANTED_SQL)).trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => line.split('\t')).map(([what = '', rows]) => [what, Number(rows)]),
  );
}

/** What the topic has of a run; an event that was sent twice counts once. */
export async function found(scene: Scene, runId: string): Promise<Readonly<Record<string, number>>> {
  const events = (await scene.servers.messages('dbMove')).map((text) => JSON.parse(text) as Event);
  const distinct = new Map(
    events.filter(({ RunID }) => RunID === runId).map((event) => [event.EventID, event]),
  );
  const counts: Record<string, number> = {};
  for (const { Table, Type } of distinct.values()) {
    const what = `${Table} ${Type}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

interface Event {
  readonly RunID: string;
  readonly EventID: string;
  readonly Table: string;
  readonly Type: string;
}

/**
 * `npm run bench -- --peers` times the tools that a user would choose instead, and `-- --detection` counts what each of
 * them finds of planted differences. Both print Markdown tables and write JSON.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { startServers } from '@rowparity/testkit';
import { dataDiffPeers } from './dataDiffPeers.ts';
import { detect } from './detect.ts';
import { dvtPeer } from './dvtPeer.ts';
import { isMissing, type MissingPeer, type Peer } from './peer.ts';
import type { PeersOptions } from './peersOptions.ts';
import { detectionTable, timingTable } from './peerTables.ts';
import { rowparityPeer } from './rowparityPeer.ts';
import { ptTableSync, syncDiffInspector } from './sqlPeers.ts';
import { makeTimedTables } from './timedTables.ts';
import { timePeers } from './timePeers.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

export async function benchPeers(options: PeersOptions): Promise<void> {
  const peers = await allPeers(options);
  for (const peer of peers) {
    say(isMissing(peer) ? `${peer.name}: not measured: ${peer.missing}` : `${peer.name} ${peer.version}`);
  }
  const servers = await startServers({ want: ['sql'], say });
  try {
    const machine = {
      cores: cpus().length,
      model: cpus()[0]?.model,
      memoryBytes: totalmem(),
      node: process.version,
    };
    const { source, destination } = servers;
    const about = {
      machine,
      servers: [source, destination].map(({ flavour, version }) => `${flavour} ${version}`),
      peers,
    };
    if (options.kind === 'detection') {
      const detections = await detect(servers, peers, say);
      process.stdout.write(`${detectionTable(detections, peers)}\n`);
      return await written({ ...about, detections }, options.jsonFile);
    }
    say(`making tables of up to ${options.rows} rows on both servers`);
    const tables = await makeTimedTables(servers, options.rows);
    const timings = await timePeers(tables, peers, { repeats: options.repeats, say });
    process.stdout.write(`${timingTable(timings, peers)}\n`);
    await written({ ...about, timings }, options.jsonFile);
  } finally {
    await servers.stop();
  }
}

async function allPeers({ syncDiffInspector: path }: PeersOptions): Promise<readonly (Peer | MissingPeer)[]> {
  return [
    await rowparityPeer(say),
    await ptTableSync(say, { isInstalled: true }),
    syncDiffInspector(path),
    ...(await dataDiffPeers(say)),
    await dvtPeer(say),
  ];
}

async function written(result: unknown, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  say(`written: ${file}`);
}

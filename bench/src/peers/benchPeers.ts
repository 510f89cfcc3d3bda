/**
 * `npm run bench -- --peers` times the tools that a user would choose instead, and `-- --detection` counts what each of
 * them finds of planted differences. Both print Markdown tables and write JSON.
 */
import { startServers } from '@rowparity/testkit';
import { machine, say, serverNames, writeResult } from '../shared/result.ts';
import { dataDiffPeers } from './dataDiffPeers.ts';
import { detect } from './detect.ts';
import { dvtPeer } from './dvtPeer.ts';
import { isMissing, type MissingPeer, type Peer } from './peer.ts';
import type { PeersOptions } from './peersOptions.ts';
import type { DetectionResult, PeersResult } from './peersResult.ts';
import { detectionTable, timingTable } from './peerTables.ts';
import { prepareServers } from './preparedServers.ts';
import { rowparityPeer } from './rowparityPeer.ts';
import { ptTableSync, syncDiffInspector } from './sqlPeers.ts';
import { makeTimedTables } from './timedTables.ts';
import { timePeers } from './timePeers.ts';

export async function benchPeers(options: PeersOptions): Promise<void> {
  const peers = await allPeers(options);
  for (const peer of peers) {
    say(isMissing(peer) ? `${peer.name}: not measured: ${peer.missing}` : `${peer.name} ${peer.version}`);
  }
  const servers = await startServers({ want: ['sql'], say });
  try {
    await prepareServers([servers.source, servers.destination], say);
    const about = { machine: machine(), servers: serverNames(servers.source, servers.destination), peers };
    if (options.kind === 'detection') {
      const result: DetectionResult = { ...about, detections: await detect(servers, peers, say) };
      process.stdout.write(`${detectionTable(result)}\n`);
      return await writeResult(options.jsonFile, result);
    }
    say(`making tables of up to ${options.rows} rows on both servers`);
    const tables = await makeTimedTables(servers, options.rows);
    const timings = await timePeers(tables, peers, { repeats: options.repeats, say });
    const result: PeersResult = { ...about, timings };
    process.stdout.write(`${timingTable(result)}\n`);
    await writeResult(options.jsonFile, result);
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

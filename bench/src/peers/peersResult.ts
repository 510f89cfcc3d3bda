/** What `npm run bench -- --peers` and `-- --detection` write. */
import type { About } from '../shared/result.ts';
import type { Detection } from './detect.ts';
import type { MissingPeer } from './peer.ts';
import type { PeerTiming } from './timePeers.ts';

export type NamedPeer = { readonly name: string; readonly version: string } | MissingPeer;

interface AboutPeers extends About {
  readonly peers: readonly NamedPeer[];
}

export interface PeersResult extends AboutPeers {
  readonly timings: readonly PeerTiming[];
}

export interface DetectionResult extends AboutPeers {
  readonly detections: readonly Detection[];
}

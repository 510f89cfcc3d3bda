/** The results that the benchmarks wrote and that are kept in `bench/results`, a folder for each kind of server. */
import { readFileSync } from 'node:fs';
import type { DistanceResult } from '../distance/distanceResult.ts';
import type { EngineResult } from '../engine/engineResult.ts';
import type { GrowthResult } from '../growth/growthResult.ts';
import type { DetectionResult, PeersResult } from '../peers/peersResult.ts';

const FLAVOURS = [
  { folder: 'mariadb', name: 'MariaDB' },
  { folder: 'mysql', name: 'MySQL' },
] as const;

export interface Results {
  /** Of the servers, as people name them. */
  readonly name: string;
  readonly engine: EngineResult;
  readonly peers: PeersResult;
  readonly detection: DetectionResult;
  readonly growth: GrowthResult;
  readonly distance: DistanceResult;
}

/** Throws with the name of the file that is missing. */
export function readResults(folder: URL): readonly Results[] {
  return FLAVOURS.map(({ folder: flavour, name }) => {
    const read = <T>(what: string) =>
      JSON.parse(readFileSync(new URL(`${flavour}/${what}.json`, folder), 'utf8')) as T;
    return {
      name,
      engine: read<EngineResult>('engine'),
      peers: read<PeersResult>('peers'),
      detection: read<DetectionResult>('detection'),
      growth: read<GrowthResult>('growth'),
      distance: read<DistanceResult>('distance'),
    };
  });
}

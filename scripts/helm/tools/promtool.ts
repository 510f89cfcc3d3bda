// The promtool program, which runs alerting rules on made-up series: the one that ROWPARITY_PROMTOOL names, or a pinned
// one, compiled from the Go module of Prometheus.

import { join } from 'node:path';
import { cached } from './cached.ts';
import { goBuild } from './go.ts';

/** Of the module; the program calls itself 3.15.0. */
const VERSION = '0.315.0';
const MODULE = 'github.com/prometheus/prometheus';

export async function promtoolProgram(say: (line: string) => void): Promise<string> {
  if (process.env.ROWPARITY_PROMTOOL) return process.env.ROWPARITY_PROMTOOL;
  const folder = await cached(`promtool-${VERSION}`, async (made) => {
    say(`compiling promtool ${VERSION}, once; it takes some minutes`);
    await goBuild(`${MODULE}/cmd/promtool@v${VERSION}`, made);
  });
  return join(folder, process.platform === 'win32' ? 'promtool.exe' : 'promtool');
}

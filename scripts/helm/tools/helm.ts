// The helm program: the one that ROWPARITY_HELM names, or a pinned one, compiled from its Go module.

import { join } from 'node:path';
import { cached } from './cached.ts';
import { goInstall } from './go.ts';

const HELM_VERSION = '3.22.0';

export async function helmProgram(say: (line: string) => void): Promise<string> {
  if (process.env.ROWPARITY_HELM) return process.env.ROWPARITY_HELM;
  const folder = await cached(`helm-${HELM_VERSION}`, async (made) => {
    say(`compiling helm ${HELM_VERSION}, once; it takes some minutes`);
    await goInstall(`helm.sh/helm/v3/cmd/helm@v${HELM_VERSION}`, made);
  });
  return join(folder, process.platform === 'win32' ? 'helm.exe' : 'helm');
}

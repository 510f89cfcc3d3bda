// The schemas that rendered objects are checked against, from the Go modules of those who define them: the OpenAPI of
// Kubernetes in the oldest and the newest version that the chart is for, the custom resources of KEDA and of the
// Prometheus operator, and what each of KEDA's triggers takes.

import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cached } from './cached.ts';
import { withGoModule } from './go.ts';

interface Origin {
  readonly name: string;
  readonly module: string;
  readonly sum: string;
  readonly files: readonly string[];
}

const KUBERNETES_FILES = ['api/openapi-spec/swagger.json'];
const KEDA_RESOURCES = 'config/crd/bases/keda.sh_';
const PROMETHEUS_RESOURCES = 'example/prometheus-operator-crd/monitoring.coreos.com_';

/** The first one is what Chart.yaml asks for. */
export const KUBERNETES_VERSIONS = ['1.29.0', '1.37.0'] as const;

const ORIGINS = [
  {
    name: 'kubernetes-1.29.0',
    module: 'k8s.io/kubernetes@v1.29.0',
    sum: 'h1:DOLN7g8+nnAYBi8JHoW0+/MCrZKDPIqAxzLCXDXd0cg=',
    files: KUBERNETES_FILES,
  },
  {
    name: 'kubernetes-1.37.0',
    module: 'k8s.io/kubernetes@v1.37.0',
    sum: 'h1:TDSD+Izz9inqs7SmtJCAu7L5/DuYW9hAZ3GBdF6Ddkw=',
    files: KUBERNETES_FILES,
  },
  {
    name: 'keda-2.21.0',
    module: 'github.com/kedacore/keda/v2@v2.21.0',
    sum: 'h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps=',
    files: [
      `${KEDA_RESOURCES}scaledobjects.yaml`,
      `${KEDA_RESOURCES}triggerauthentications.yaml`,
      'schema/generated/scalers-schema.json',
    ],
  },
  {
    name: 'prometheus-operator-0.85.0',
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    files: [`${PROMETHEUS_RESOURCES}servicemonitors.yaml`, `${PROMETHEUS_RESOURCES}prometheusrules.yaml`],
  },
] as const satisfies readonly Origin[];

/** The folders with the files, by name and version. */
export type SchemaFolders = Readonly<Record<(typeof ORIGINS)[number]['name'], string>>;

export async function schemaFolders(say: (line: string) => void): Promise<SchemaFolders> {
  const entries: [string, string][] = [];
  for (const origin of ORIGINS) entries.push([origin.name, await fetched(origin, say)]);
  return Object.fromEntries(entries) as SchemaFolders;
}

function fetched({ name, module, sum, files }: Origin, say: (line: string) => void): Promise<string> {
  return cached(`schemas-${name}`, async (folder) => {
    say(`fetching the schemas of ${module}`);
    await withGoModule(module, sum, async (root) => {
      for (const file of files) await copyFile(join(root, file), join(folder, basename(file)));
    });
  });
}

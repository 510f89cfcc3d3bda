/** The parts of rendered objects that the policies check. The schemas check whether objects are valid. */

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Labels };
  readonly spec?: unknown;
  readonly data?: Labels;
  readonly stringData?: Labels;
}

type Labels = Readonly<Record<string, string>>;

export interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels: Labels };
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  };
}

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes: readonly {
    readonly projected?: {
      readonly sources: readonly {
        readonly secret: { readonly items: readonly { readonly path: string }[] };
      }[];
    };
  }[];
}

export interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly unknown[];
  readonly envFrom: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe & { readonly periodSeconds: number; readonly failureThreshold: number };
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly resources: { readonly limits?: Labels };
  readonly securityContext: Readonly<Record<string, unknown>>;
}

interface Probe {
  readonly httpGet: { readonly path: string };
}

export interface PodDisruptionBudget extends Manifest {
  readonly spec: { readonly selector: { readonly matchLabels: Labels } };
}

export interface Service extends Manifest {
  readonly spec: { readonly ports: readonly { readonly port: number }[] };
}

export interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: { readonly matchLabels: Labels };
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

interface Rule {
  readonly ports?: readonly { readonly port: number | string; readonly protocol: string }[];
  readonly from?: readonly unknown[];
  readonly to?: readonly unknown[];
}

export interface ScaledObject extends Manifest {
  readonly spec: {
    readonly triggers: readonly {
      readonly type: string;
      readonly metadata: Readonly<Record<string, string>>;
      readonly authenticationRef?: { readonly name: string };
    }[];
  };
}

export interface TriggerAuthentication extends Manifest {
  readonly spec: { readonly secretTargetRef: readonly { readonly parameter: string }[] };
}

export interface PrometheusRule extends Manifest {
  readonly spec: {
    readonly groups: readonly {
      readonly rules: readonly { readonly alert: string; readonly expr: string }[];
    }[];
  };
}

export function ofKind<T extends Manifest>(kind: string, manifests: readonly Manifest[]): readonly T[] {
  return manifests.filter((manifest) => manifest.kind === kind) as T[];
}

/** coordinator, worker or reporter. */
export function serviceOf({ metadata }: Manifest): string {
  return metadata.labels['app.kubernetes.io/component'] ?? '';
}

/** A container of one service is all that its pod has. */
export function containerOf({ spec, metadata }: Deployment): Container {
  const [container, ...others] = spec.template.spec.containers;
  if (!container || others.length > 0) throw new Error(`${metadata.name}: expected one container`);
  return container;
}

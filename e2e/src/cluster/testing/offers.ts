// What a cluster may have beside Kubernetes: metrics of pods for its autoscaler, and KEDA.

import type { Kubectl, KubeObject } from './kubectl.ts';

interface ApiService extends KubeObject {
  readonly spec: { readonly service?: { readonly namespace: string } };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export async function hasPodMetrics(kubectl: Kubectl): Promise<boolean> {
  return (await availableApi(kubectl, 'v1beta1.metrics.k8s.io')) !== undefined;
}

/** The namespace of KEDA, where it is installed. */
export async function kedaNamespace(kubectl: Kubectl): Promise<string | undefined> {
  const { code } = await kubectl.outcome(['get', 'crd', 'scaledobjects.keda.sh']);
  if (code !== 0) return undefined;
  return (await availableApi(kubectl, 'v1beta1.external.metrics.k8s.io'))?.spec.service?.namespace;
}

async function availableApi(kubectl: Kubectl, name: string): Promise<ApiService | undefined> {
  const { code, stdout } = await kubectl.outcome(['get', 'apiservice', name, '--output', 'json']);
  if (code !== 0) return undefined;
  const api = JSON.parse(stdout) as ApiService;
  const isAvailable = api.status.conditions?.some(
    ({ type, status }) => type === 'Available' && status === 'True',
  );
  return isAvailable ? api : undefined;
}

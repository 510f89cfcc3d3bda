/** The samplers of OTEL_TRACES_SAMPLER, which the SDK itself does not read. */
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

type Variable = (name: string) => string | undefined;

const PARENT_BASED = 'parentbased_';

/** An unknown name is as none: all traces, unless the parent is left out. */
export function samplerOf(variable: Variable): Sampler {
  const name = variable('OTEL_TRACES_SAMPLER') ?? '';
  const root = rootOf(name.replace(PARENT_BASED, ''), variable);
  if (!root) return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  return name.startsWith(PARENT_BASED) ? new ParentBasedSampler({ root }) : root;
}

function rootOf(name: string, variable: Variable): Sampler | undefined {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratioOf(variable('OTEL_TRACES_SAMPLER_ARG')));
    default:
      return undefined;
  }
}

function ratioOf(text: string | undefined): number {
  const ratio = Number(text || 1);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}

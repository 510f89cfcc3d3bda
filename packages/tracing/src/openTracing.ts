/**
 * Switches tracing on where the standard variables ask for it, and only then loads OpenTelemetry. Off, there is no
 * tracing at all: undefined.
 */
import type { Tracing } from './tracing.ts';
import type { TracingOptions } from './tracingOptions.ts';

export async function openTracing(options: TracingOptions): Promise<Tracing | undefined> {
  const endpoint = endpointOf(options);
  if (!endpoint) return undefined;
  if (!isAddress(endpoint)) {
    options.log.warn(
      'OTEL_EXPORTER_OTLP_ENDPOINT is no address such as http://collector:4318: no spans are sent.',
    );
    return undefined;
  }
  if (options.variable('OTEL_EXPORTER_OTLP_PROTOCOL') === 'grpc') {
    options.log.warn(
      'OTEL_EXPORTER_OTLP_PROTOCOL is grpc: spans are sent over HTTP, as JSON. Give the HTTP port of the collector, most often 4318.',
    );
  }
  const { startSdk } = await import('./startSdk.ts');
  return startSdk(options);
}

/** `collector:4318` is a URL, too: of a protocol that is none. */
function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Undefined where tracing is off. */
function endpointOf({ variable }: Pick<TracingOptions, 'variable'>): string | undefined {
  const isOff =
    variable('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' ||
    variable('OTEL_TRACES_EXPORTER')?.toLowerCase() === 'none';
  if (isOff) return undefined;
  return (
    variable('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') || variable('OTEL_EXPORTER_OTLP_ENDPOINT') || undefined
  );
}

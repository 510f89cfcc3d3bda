/** The result of a benchmark as a file: what was measured, and on which machine. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';

export interface About {
  readonly machine: ReturnType<typeof machine>;
  /** Of source and destination: kind and version. */
  readonly servers: readonly string[];
}

/** Others who use the machine at the same time are in the load. */
export function machine() {
  return {
    cores: cpus().length,
    model: cpus()[0]?.model,
    memoryBytes: totalmem(),
    node: process.version,
    load: loadavg().map((load) => Number(load.toFixed(2))),
    at: new Date().toISOString(),
  };
}

/** Kind and version of each. */
export function serverNames(
  ...servers: readonly { readonly flavour: string; readonly version: string }[]
): readonly string[] {
  return servers.map(({ flavour, version }) => `${flavour} ${version}`);
}

export async function writeResult(jsonFile: string, result: unknown): Promise<void> {
  await mkdir(dirname(jsonFile), { recursive: true });
  await writeFile(jsonFile, `${JSON.stringify(result, null, 2)}\n`);
  say(`written: ${jsonFile}`);
}

/** Standard output belongs to the tables. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

// The demo from start to end: servers, shop, differences, apps, run, events, judgement. True when found is exactly what
// was planted. Everything that was started is on one stack, and is taken down in the opposite order.

import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RunReport } from '@rowparity/contracts';
import {
  createTopic,
  judge,
  killMidway,
  LEFTOVERS,
  ROOT,
  readEvents,
  type System,
  startSystem,
  submitRun,
  untilSettled,
} from '@rowparity/harness';
import { createShop, databaseUrl, plantDifferences, type Servers, startServers } from '@rowparity/testkit';
import { cure } from './cure.ts';
import { demoSpec, TOPIC } from './demoSpec.ts';
import { keepRunning } from './keepRunning.ts';
import type { DemoOptions } from './options.ts';
import { checksOf, type Outcome } from './outcome.ts';
import { Phases, say } from './phases.ts';
import { printOutcome } from './printOutcome.ts';
import { progressView } from './progressView.ts';

const DATABASE = 'shop';
const PARTITIONS = 3;
const POLL_MS = 100;

export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const phases = new Phases(signal);
  console.log(
    `Rowparity demo: seed ${options.seed}, ${options.rows.toLocaleString('en')} rows, ${options.direction}`,
  );

  const servers = await phases.run('Servers: two SQL, Redis, Kafka', async () => {
    const started = await startServers({ want: ['sql', 'redis', 'kafka'], say });
    stack.defer(() => started.stop());
    return started;
  });
  say(`source ${servers.source.flavour} ${servers.source.version}`);
  say(`destination ${servers.destination.flavour} ${servers.destination.version}`);

  await phases.run('The shop, the same rows on both servers', () =>
    createShop({ servers, database: DATABASE, rows: options.rows, seed: options.seed, say }),
  );
  const planted = await phases.run('Differences in random places', async () => {
    const { source, destination } = servers;
    const { seed, direction } = options;
    const list = await plantDifferences({ source, destination, database: DATABASE, seed, direction });
    say(`${list.length} planted`);
    return list;
  });
  const system = await phases.run(`Coordinator, reporter and ${options.workers} workers`, async () => {
    await createTopic({ brokers: servers.kafka.brokers, topic: TOPIC }, { partitions: PARTITIONS });
    const started = await startSystem(systemOptions(servers, options));
    stack.defer(() => started.stop());
    return started;
  });
  try {
    const run = await phases.run('The run', () => followRun(system, options, signal));
    const { runId } = run.report;
    const sent = await phases.run('Events read back from Kafka', () =>
      readEvents({ brokers: servers.kafka.brokers, topic: TOPIC, runId }),
    );
    const judgement = judge(planted, sent);
    const spec = { ...run.spec, direction: options.direction };
    const cured = await phases.run('From the events to the cure', () =>
      cure({ servers, system, database: DATABASE, sent, spec, signal }),
    );
    const checks = checksOf({
      planted: planted.length,
      judgement,
      report: run.report,
      cured,
      killedAt: run.killedAt,
      options,
    });
    const outcome = { options, judgement, checks, verdict: run.report.verdict, phases: phases.done, ...run };
    await writeOutcome(outcome, options.json);
    printOutcome(outcome);
    const isExact = checks.every(({ holds }) => holds);
    if (!isExact) console.log(await system.lastLogLines());
    if (options.keep) await keepRunning({ servers, system, runId, database: DATABASE }, signal);
    return isExact;
  } catch (error) {
    if (!signal.aborted) console.error(await system.lastLogLines());
    throw error;
  }
}

function systemOptions(servers: Servers, { workers }: DemoOptions) {
  return {
    label: 'demo',
    redisUrl: servers.redis.url,
    brokers: servers.kafka.brokers,
    connections: {
      source: databaseUrl(servers.source, DATABASE),
      destination: databaseUrl(servers.destination, DATABASE),
    },
    workers,
  };
}

interface FollowedRun {
  readonly spec: ReturnType<typeof demoSpec>;
  readonly report: RunReport;
  /** From the repository's root. */
  readonly reportFile: string;
  readonly killedAt: number | undefined;
}

async function followRun(system: System, options: DemoOptions, signal: AbortSignal): Promise<FollowedRun> {
  const spec = demoSpec(options);
  const { runId } = spec;
  await submitRun(system.coordinatorUrl, spec);
  say(`run ${runId} posted to ${system.coordinatorUrl}`);
  const view = progressView(process.stdout);
  const kill = options.killWorker ? killMidway(system, (line) => view.note(line)) : undefined;
  const report = await untilSettled({
    reporterUrl: system.reporterUrl,
    runId,
    signal: AbortSignal.any([signal, system.broken]),
    pollMs: POLL_MS,
    onReport: async (now) => {
      view.show(now);
      await kill?.onReport(now);
    },
  });
  const file = join(LEFTOVERS, `report-${runId}.json`);
  await writeJson(file, report);
  return { spec, report, reportFile: relative(ROOT, file), killedAt: kill?.percent() };
}

async function writeOutcome(outcome: Outcome, file: string | undefined): Promise<void> {
  if (file !== undefined) await writeJson(file, outcome);
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await mkdir(LEFTOVERS, { recursive: true });
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

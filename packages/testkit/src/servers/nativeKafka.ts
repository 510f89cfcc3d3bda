// A real Apache Kafka as one Java process: KRaft, broker and controller in one, no ZooKeeper.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../proxy/freePort.ts';
import { askKafka } from './answers.ts';
import { findBinary } from './binaries.ts';
import type { Context } from './context.ts';
import { installPackages } from './debianPackages.ts';
import { kafkaClassPath } from './kafkaJars.ts';
import { asProperties, type KafkaListeners, kafkaSettings } from './kafkaSettings.ts';
import { runToEnd, startNative } from './nativeProcess.ts';
import type { Faults, KafkaServer } from './server.ts';

const HEAP_MIB_MAX = 384;

// Kafka's storage tool wants 16 bytes in base64; any cluster may have this id, it meets no other.
const CLUSTER_ID = 'cm93cGFyaXR5dGVzdGtpdA';

// The serial collector and the first compiler alone: start time and two cores matter more than throughput.
const JVM_OPTIONS = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
] as const;

type Settings = Readonly<Record<string, string>>;

/** What a broker has beside its plain listener. */
export interface MoreOfKafka {
  /** What is set beside or instead of the usual. */
  settings(usual: Settings): Settings;
  /** Arguments of the storage tool, such as users for SCRAM. */
  readonly format: readonly string[];
}

export async function startNativeKafka(context: Context, more?: MoreOfKafka): Promise<KafkaServer> {
  const [address] = await addresses(1);
  const broker = await startBroker(context, { ...(address as NodeAddress), folder: 'kafka', more });
  return { brokers: [broker.address], ...broker, way: 'native' };
}

export interface KafkaBroker extends Faults {
  /** host:port */
  readonly address: string;
}

/** Several brokers of one cluster, each with faults of its own. They die with the guardian. */
export async function startNativeKafkaCluster(
  context: Context,
  count: number,
): Promise<readonly KafkaBroker[]> {
  const nodes = await addresses(count);
  const controllers = nodes.map(({ controller }) => controller);
  return Promise.all(
    nodes.map((address, i) =>
      startBroker(context, { ...address, folder: `kafka-${i + 1}`, cluster: { node: i + 1, controllers } }),
    ),
  );
}

interface NodeAddress {
  readonly broker: string;
  readonly controller: string;
}

interface Node extends NodeAddress, Pick<KafkaListeners, 'cluster'> {
  readonly folder: string;
  readonly more?: MoreOfKafka | undefined;
}

async function addresses(count: number): Promise<NodeAddress[]> {
  const nodes: NodeAddress[] = [];
  while (nodes.length < count) {
    nodes.push({ broker: `127.0.0.1:${await freePort()}`, controller: `127.0.0.1:${await freePort()}` });
  }
  return nodes;
}

async function startBroker(context: Context, node: Node) {
  const { more } = node;
  const { java, maven } = await javaAndMaven(context);
  const jvm = ['-cp', await kafkaClassPath(context, maven), ...JVM_OPTIONS];
  const folder = join(context.guardian.folder, node.folder);
  await mkdir(folder, { recursive: true });
  const properties = await writeProperties(folder, node);
  const logFile = join(folder, 'server.log');

  const format = [
    'kafka.tools.StorageTool',
    'format',
    '-t',
    CLUSTER_ID,
    '-c',
    properties,
    ...(more?.format ?? []),
  ];
  await runToEnd(context.guardian, { file: java, args: [...jvm, ...format], logFile });
  const running = await startNative(context.guardian, {
    name: 'Kafka',
    folder,
    file: java,
    args: [`-Xmx${HEAP_MIB_MAX}m`, ...jvm, 'kafka.Kafka', properties],
    logFile,
    answers: () => askKafka([node.broker]),
  });
  return { address: node.broker, ...running };
}

async function writeProperties(folder: string, { broker, controller, cluster, more }: Node): Promise<string> {
  const settings = kafkaSettings({
    brokerBind: broker,
    brokerAdvertised: broker,
    controllerBind: controller,
    controllerVoter: controller,
    ...(cluster ? { cluster } : {}),
  });
  const file = join(folder, 'server.properties');
  const usual = { ...settings, 'log.dirs': join(folder, 'data') };
  await writeFile(file, asProperties({ ...usual, ...more?.settings(usual) }));
  return file;
}

async function javaAndMaven(context: Context): Promise<{ java: string; maven: string }> {
  const find = () => ({ java: findBinary(context.env, 'java'), maven: findBinary(context.env, 'mvn') });
  const before = find();
  const missing = [...(before.java ? [] : ['openjdk-17-jre-headless']), ...(before.maven ? [] : ['maven'])];
  if (missing.length > 0) await installPackages(context, missing);
  const { java, maven } = find();
  if (!java || !maven) throw new Error('java and mvn are not there after installing them');
  return { java, maven };
}

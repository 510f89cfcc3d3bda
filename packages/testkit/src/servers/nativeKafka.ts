// A real Apache Kafka as one Java process: KRaft, broker and controller in one, no ZooKeeper.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askKafka } from './answers.ts';
import { findBinary } from './binaries.ts';
import type { Context } from './context.ts';
import { installPackages } from './debianPackages.ts';
import { freePort } from './freePort.ts';
import { kafkaClassPath } from './kafkaJars.ts';
import { asProperties, kafkaSettings } from './kafkaSettings.ts';
import { runToEnd, startNative } from './nativeProcess.ts';
import type { KafkaServer } from './server.ts';

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
  const { java, maven } = await javaAndMaven(context);
  const jvm = ['-cp', await kafkaClassPath(context, maven), ...JVM_OPTIONS];
  const folder = join(context.guardian.folder, 'kafka');
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const properties = await writeProperties(folder, port, more);
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
  const brokers = [`127.0.0.1:${port}`];
  const running = await startNative(context.guardian, {
    name: 'Kafka',
    folder,
    file: java,
    args: [`-Xmx${HEAP_MIB_MAX}m`, ...jvm, 'kafka.Kafka', properties],
    logFile,
    answers: () => askKafka(brokers),
  });
  return { brokers, ...running, way: 'native' };
}

async function writeProperties(folder: string, port: number, more?: MoreOfKafka): Promise<string> {
  const broker = `127.0.0.1:${port}`;
  const controller = `127.0.0.1:${await freePort()}`;
  const settings = kafkaSettings({
    brokerBind: broker,
    brokerAdvertised: broker,
    controllerBind: controller,
    controllerVoter: controller,
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

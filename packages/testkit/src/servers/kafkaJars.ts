// Apache Kafka's jars from Maven Central, fetched once into the user's cache. The folder appears under its final
// name only when complete, so that two processes at once cannot hand each other half of it.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Context } from './context.ts';

const KAFKA_VERSION = '4.1.0';
// The series of slf4j-api that this Kafka is built against.
const SLF4J_VERSION = '1.7.36';
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** A Java class path with Kafka on it. */
export async function kafkaClassPath(context: Context, maven: string): Promise<string> {
  const cache = join(context.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rowparity');
  const folder = join(cache, `kafka-${KAFKA_VERSION}`);
  if (!existsSync(folder)) {
    context.say(`fetching Apache Kafka ${KAFKA_VERSION} from Maven Central into ${folder}`);
    await mkdir(cache, { recursive: true });
    await fetchInto(context, { maven, cache, folder });
  }
  return join(folder, '*');
}

interface Fetch {
  readonly maven: string;
  readonly cache: string;
  readonly folder: string;
}

async function fetchInto(context: Context, { maven, cache, folder }: Fetch): Promise<void> {
  const work = await mkdtemp(join(cache, 'fetching-'));
  try {
    await writeFile(join(work, 'pom.xml'), POM);
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'jars')}`];
    await promisify(execFile)(maven, ['-q', '-B', '-f', join(work, 'pom.xml'), ...goal], {
      env: context.env,
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    await rename(join(work, 'jars'), folder).catch((cause: unknown) => {
      // Another process was faster; its folder is used.
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>rowparity</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>${SLF4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** What this coordinator sees of Redis, Kafka and the databases, judged as `rowparity doctor` does. */
import {
  type DoctorReport,
  doctorReportOf,
  type Failure,
  Fault,
  type Finding,
  failureOf,
} from '@rowparity/contracts';
import {
  type KafkaFacts,
  kafkaFindings,
  loginFinding,
  type RedisFacts,
  redisFindings,
  type ServerFacts,
  serverFindings,
} from '@rowparity/core';

export interface DiagnosedConnection {
  /** As specs name it. */
  readonly name: string;
  readonly user: string;
  readonly database: string;
  read(signal: AbortSignal): Promise<ServerFacts>;
}

export interface DiagnosisDeps {
  readRedis(): Promise<RedisFacts>;
  /** Undefined where this coordinator is not told of Kafka. */
  readonly readKafka: (() => Promise<KafkaFacts>) | undefined;
  readonly connections: readonly DiagnosedConnection[];
}

/** Servers are asked once for all who ask at the same time. */
export class ServicesDiagnosis {
  readonly #deps: DiagnosisDeps;
  #running: Promise<DoctorReport> | undefined;

  constructor(deps: DiagnosisDeps) {
    this.#deps = deps;
  }

  report(): Promise<DoctorReport> {
    this.#running ??= this.#look().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #look(): Promise<DoctorReport> {
    const { readRedis, readKafka, connections } = this.#deps;
    const parts = await Promise.all([
      judged(readRedis, redisFindings, faultOf('redis')),
      readKafka ? judged(readKafka, kafkaFindings, faultOf('kafka')) : [KAFKA_UNKNOWN],
      ...connections.map(connectionFindings),
    ]);
    return doctorReportOf(parts.flat());
  }
}

const KAFKA_UNKNOWN: Finding = {
  subject: 'services',
  check: 'kafka',
  level: 'skipped',
  message: 'this coordinator is not told of Kafka, which the workers alone need',
  remedy: 'Set ROWPARITY_KAFKA_BROKERS on the coordinator, too, to have brokers and topics looked at.',
};

/** The sessions of runs are those of workers. */
const SESSIONS = 0;

function connectionFindings({
  name,
  user,
  database,
  read,
}: DiagnosedConnection): Promise<readonly Finding[]> {
  const subject = `connection ${name}`;
  return judged(
    () => read(new AbortController().signal),
    (facts) => serverFindings(subject, facts, { sessions: SESSIONS, hasPattern: true, database }),
    (failure) => loginFinding(subject, failure, { user, database }),
  );
}

function faultOf(check: 'redis' | 'kafka'): (failure: Failure) => Finding {
  return ({ code, message }) => ({ subject: 'services', check, level: 'error', code, message });
}

async function judged<Facts>(
  read: () => Promise<Facts>,
  judge: (facts: Facts) => readonly Finding[],
  refused: (failure: Failure) => Finding,
): Promise<readonly Finding[]> {
  try {
    return judge(await read());
  } catch (error) {
    if (error instanceof Fault) return [refused(failureOf(error))];
    throw error;
  }
}

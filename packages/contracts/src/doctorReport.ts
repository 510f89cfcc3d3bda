/** What `rowparity doctor` found: one finding a check. It looks, and changes nothing; it holds no credentials. */
import { z } from 'zod';
import { failureCode } from './failure.ts';

export const DOCTOR_REPORT_VERSION = 1;

const doctorCheck = z.enum([
  // of a database server
  'connection',
  'login',
  'tls',
  'version',
  'session',
  'connections',
  'privileges',
  // of both together
  'clock',
  'replication',
  'tables',
  'table',
  'spec',
  // of this machine
  'state',
  'disk',
  // of the services
  'coordinator',
  'reporter',
  'redis',
  'eviction',
  'persistence',
  'kafka',
  'topic',
]);

export const finding = z.strictObject({
  /** What it is about: `source`, `destination`, `both`, `machine`, `services`, or a connection of the services. */
  subject: z.string().max(200),
  check: doctorCheck,
  /** `error`: a run would fail, or prove nothing. `skipped`: it was not looked at; the message tells why. */
  level: z.enum(['ok', 'warning', 'error', 'skipped']),
  /** Of a table: its name on the source. */
  table: z.string().optional(),
  /** Of what a run would refuse. */
  code: failureCode.optional(),
  message: z.string().max(2000),
  /** How to mend it. */
  remedy: z.string().max(2000).optional(),
});
export type Finding = z.infer<typeof finding>;

export const doctorReport = z.strictObject({
  version: z.literal(DOCTOR_REPORT_VERSION),
  /** Nothing is wrong; there may be warnings. */
  healthy: z.boolean(),
  findings: z.array(finding),
});
export type DoctorReport = z.infer<typeof doctorReport>;

/** Without a finding that is an error. */
export function doctorReportOf(findings: readonly Finding[]): DoctorReport {
  const healthy = findings.every(({ level }) => level !== 'error');
  return { version: DOCTOR_REPORT_VERSION, healthy, findings: [...findings] };
}

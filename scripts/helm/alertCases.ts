/**
 * For each alert: series under which it fires, and series that differ in one thing, under which it does not. In the
 * notation of promtool: `1x30` is 1 for half an hour, `0+1x30` grows by one a minute.
 */
import { NAMESPACE } from './chart.ts';

export type SeriesSet = Readonly<Record<string, string>>;

export interface AlertCase {
  readonly alert: string;
  /** When it is looked at. */
  readonly at: string;
  readonly fires: SeriesSet;
  /** By the reason why nothing is wrong. */
  readonly silent: Readonly<Record<string, SeriesSet>>;
}

/** A series as the ServiceMonitor of the value set `everything` labels it. */
function of(service: string, metric: string, labels: Readonly<Record<string, string>> = {}): string {
  const all = { namespace: NAMESPACE, service: `proof-${service}`, pod: `${service}-1`, ...labels };
  return `${metric}{${Object.entries(all)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
}

const leading = (pod: string) => of('coordinator', 'rowparity_coordinator_leading', { pod });
const percent = of('reporter', 'rowparity_run_progress_percent', { run: 'r' });
const rows = of('reporter', 'rowparity_run_rows', { run: 'r', side: 'base' });
const paused = of('reporter', 'rowparity_run_paused', { run: 'r' });
const shards = of('reporter', 'rowparity_run_shards', { run: 'r', state: 'inconclusive' });
const verdict = (value: string) => of('reporter', 'rowparity_run_verdict', { run: 'r', verdict: value });
const found = of('reporter', 'rowparity_run_inconsistencies', { run: 'r', type: 'neq' });
const waiting = of('coordinator', 'rowparity_queue_jobs', { state: 'waiting' });
const up = (service: string) => of(service, 'up');
const started = of('worker', 'process_start_time_seconds');
const inFlight = of('worker', 'rowparity_events_unacknowledged_seconds');
const lag = (which: string) => of('worker', `nodejs_eventloop_lag_${which}_seconds`);

const still = { [percent]: '50x120', [rows]: '7x120', [paused]: '0x120' };

export const ALERT_CASES: readonly AlertCase[] = [
  {
    alert: 'RowparityDown',
    at: '20m',
    fires: { [up('worker')]: '0x20' },
    silent: {
      'it answers': { [up('worker')]: '1x20' },
      'it was away for a moment': { [up('worker')]: '1x17 0x1 1x3' },
      'it is another service': { 'up{namespace="proof",service="shop"}': '0x20' },
    },
  },
  {
    alert: 'RowparityRestarts',
    at: '30m',
    fires: { [started]: '1x5 2x5 3x5 4x15' },
    silent: { 'a rollout': { [started]: '1x10 2x20' } },
  },
  {
    alert: 'RowparityNobodyLeads',
    at: '10m',
    fires: { [leading('a')]: '0x10', [leading('b')]: '0x10' },
    silent: {
      'one leads': { [leading('a')]: '0x10', [leading('b')]: '1x10' },
      'another takes over': { [leading('a')]: '1x8 0x2', [leading('b')]: '0x9 1x1' },
    },
  },
  {
    alert: 'RowparitySeveralLead',
    at: '10m',
    fires: { [leading('a')]: '1x10', [leading('b')]: '1x10' },
    silent: { 'one leads': { [leading('a')]: '1x10', [leading('b')]: '0x10' } },
  },
  {
    alert: 'RowparityRunStalled',
    at: '90m',
    fires: still,
    silent: {
      'rows are committed': { ...still, [rows]: '7+1x120' },
      'shards end': { ...still, [percent]: '10+0.5x120' },
      'the run is paused': { ...still, [paused]: '1x120' },
      'the run is settled': { ...still, [verdict('consistent')]: '1x120' },
      'it stands for less than an hour': { ...still, [rows]: '7+1x40 47x80' },
    },
  },
  {
    alert: 'RowparityShardsInconclusive',
    at: '5m',
    fires: { [shards]: '1x5' },
    silent: {
      'there are none': { [shards]: '0x5' },
      'the run is settled': { [shards]: '1x5', [verdict('inconclusive')]: '1x5' },
    },
  },
  {
    alert: 'RowparityRunInconclusive',
    at: '70m',
    fires: { [verdict('inconclusive')]: '_x60 1x10' },
    silent: {
      'it was told an hour ago': { [verdict('inconclusive')]: '1x70' },
      'another verdict': { [verdict('inconsistent')]: '_x60 1x10' },
    },
  },
  {
    alert: 'RowparityInconsistent',
    at: '70m',
    fires: { [found]: '0x60 3x10' },
    silent: { 'none are found': { [found]: '0x70' }, 'it was told an hour ago': { [found]: '3x70' } },
  },
  {
    alert: 'RowparityBacklogWithoutWorkers',
    at: '20m',
    fires: { [waiting]: '4x20', [up('worker')]: '0x20' },
    silent: {
      'a worker is there': { [waiting]: '4x20', [up('worker')]: '1x20' },
      'nothing waits': { [waiting]: '0x20' },
      'a worker is being started': { [waiting]: '4x20', [up('worker')]: '_x8 1x12' },
    },
  },
  {
    alert: 'RowparityEventsNotAcknowledged',
    at: '10m',
    fires: { [inFlight]: '0+60x10' },
    silent: { 'Kafka is slow': { [inFlight]: '30x10' } },
  },
  {
    alert: 'RowparityWorkerBlocked',
    at: '10m',
    fires: { [lag('max')]: '0.1x6 12 0.1x3' },
    silent: {
      'it lags a little': { [lag('max')]: '1x10' },
      'it was long ago': { [lag('max')]: '0.1 12 0.1x8' },
    },
  },
  {
    alert: 'RowparityWorkerStarved',
    at: '20m',
    fires: { [lag('p99')]: '2x20' },
    silent: { 'a burst': { [lag('p99')]: '0.1x15 2x5' } },
  },
];

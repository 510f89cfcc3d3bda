import { beforeEach, expect, it } from 'vitest';
import { KafkaOutage } from './kafkaOutage.ts';

const TRY_MS = 100;

let now: number;
let told: string[];
let log: KafkaOutage;
beforeEach(() => {
  now = 0;
  told = [];
  log = new KafkaOutage(({ level, message }) => told.push(`${now / 1000} ${level} ${message}`), {
    steadyNow: () => now,
  });
});

/** Lines as kafkajs writes them while no broker answers, until then. */
function refuse(untilMs: number): void {
  for (; now < untilMs; now += TRY_MS) log.hear({ level: 'error', message: 'refused' });
}

it('an outage is told when it begins, each minute, and when it is over', () => {
  refuse(150_000);
  log.acknowledged();
  expect(told).toEqual([
    '0 error refused',
    '60 error refused (599 more lines were left out)',
    '120 error refused (599 more lines were left out)',
    '150 info Kafka acknowledges again, after 150 s (299 more lines were left out)',
  ]);
});

it('what is acknowledged without trouble before is not told', () => {
  log.acknowledged();
  log.acknowledged();
  expect(told).toEqual([]);
});

it('an outage long after another is told at once', () => {
  refuse(1000);
  log.acknowledged();
  now = 500_000;
  refuse(500_200);
  log.acknowledged();
  expect(told).toEqual([
    '0 error refused',
    '1 info Kafka acknowledges again, after 1 s (9 more lines were left out)',
    '500 error refused',
    '500.2 info Kafka acknowledges again, after 0 s (1 more lines were left out)',
  ]);
});

it('brokers that come and go are at most two lines each minute', () => {
  for (let ms = 500; ms <= 120_000; ms += 500) {
    refuse(ms);
    log.acknowledged();
  }
  expect(told).toEqual([
    '0 error refused',
    '0.5 info Kafka acknowledges again, after 1 s (4 more lines were left out)',
    '60 error refused (595 more lines were left out)',
    '60.5 info Kafka acknowledges again, after 1 s (4 more lines were left out)',
  ]);
});

it('what is no trouble is told as it comes', () => {
  refuse(200);
  log.hear({ level: 'info', message: 'connected' });
  expect(told).toEqual(['0 error refused', '0.2 info connected']);
});

/**
 * The answer of a run, before anything else: may the migration go on, as of when, and why not. Pure. It says yes only
 * where the gate does, too: a run may be consistent and too old.
 */
import type { GateAnswer, RunReport } from '@rowparity/contracts';
import {
  differencesOf,
  differWords,
  restWords,
  unprovedWords,
} from '@rowparity/contracts/words/verdictWords';
import { timeWords } from './timeWords.ts';

/** `good`: yes. `bad`: no, by proof. `unknown`: no proof either way. `open`: not settled. */
export type Mood = 'good' | 'bad' | 'unknown' | 'open';
/** How far a verdict has faded: what it says is about the time of its comparison. */
export type Age = 'fresh' | 'aging' | 'old';

export interface Answer {
  readonly mood: Mood;
  /** A word or three. */
  readonly lead: string;
  /** The reason, as a sentence. */
  readonly sentence: string;
  readonly age: Age;
}

const AGING_MS = 3_600_000;
const OLD_MS = 24 * AGING_MS;

/** `gate`: of the same report; undefined while it is not known yet. */
export function answerOf(report: RunReport, gate: GateAnswer | undefined, now: number): Answer {
  const age = ageOf(report, now);
  if (report.state !== 'settled') return { ...openAnswer(report), age: 'fresh' };
  switch (report.verdict) {
    case 'consistent':
      return { ...consistentAnswer(report, gate, now), age };
    case 'inconsistent':
      return {
        mood: 'bad',
        lead: 'NOT YET.',
        sentence: `${differWords(report)}; ${restWords(report)}.`,
        age,
      };
    default:
      return { mood: 'unknown', lead: 'CANNOT SAY.', sentence: unprovedSentence(report), age };
  }
}

function consistentAnswer(report: RunReport, gate: GateAnswer | undefined, now: number) {
  const when = report.comparedTo === null ? '' : `, as of ${timeWords(report.comparedTo, now)}`;
  const equal = `Every row of ${report.tables.length === 1 ? 'the table' : `all ${report.tables.length.toLocaleString('en-US')} tables`} is equal on both sides`;
  if (!gate)
    return { mood: 'open', lead: 'ONE MOMENT.', sentence: `${equal}${when}; the gate is asked.` } as const;
  const [reason] = gate.reasons;
  if (reason)
    return {
      mood: 'unknown',
      lead: 'NOT YET.',
      sentence: `${equal}${when}, but: ${reason.message}`,
    } as const;
  return { mood: 'good', lead: `YES${when}.`, sentence: `${equal}.` } as const;
}

function unprovedSentence(report: RunReport): string {
  const ofRun = report.failures.find(({ table, shard }) => table === undefined && shard === undefined);
  const words = unprovedWords(report);
  const why = words.length > 0 ? `${words.join(', ')}.` : (ofRun?.message ?? 'Not everything was compared.');
  return words.length > 0 && ofRun ? `${why} ${ofRun.message}` : why;
}

function openAnswer(report: RunReport): Omit<Answer, 'age'> {
  const found = differencesOf(report.counts) > 0;
  if (found)
    return {
      mood: 'bad',
      lead: 'NOT YET.',
      sentence: `Already ${differWords(report)}; ${goesOnWords(report)}.`,
    };
  const unproved = unprovedWords(report);
  if (unproved.length > 0) {
    const sentence = `So far ${unproved.join(', ')}; ${goesOnWords(report)}.`;
    return { mood: 'unknown', lead: 'NOT YET.', sentence };
  }
  return { mood: 'open', lead: 'NOT KNOWN YET.', sentence: `No row differs so far; ${goesOnWords(report)}.` };
}

function goesOnWords({ paused, state }: RunReport): string {
  if (paused) return 'the run is paused';
  return state === 'running' ? 'the comparison goes on' : 'the run is being planned';
}

function ageOf({ comparedFrom, createdAt }: RunReport, now: number): Age {
  const age = now - (comparedFrom ?? createdAt);
  if (age < AGING_MS) return 'fresh';
  return age < OLD_MS ? 'aging' : 'old';
}

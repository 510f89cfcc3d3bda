/** The whole system as processes, for the benchmarks. This page only gathers what others may use. */

export { readReport, submitRun, untilSettled } from './runs.ts';
export { type System, startSystem } from './startSystem.ts';
export { createTopic } from './topics.ts';

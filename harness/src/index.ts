/** The whole system as processes, for scenarios, demo and benchmarks. This page only names what others may use. */
export { runCommand } from './command/runCommand.ts';
export { orWrongUsage, UsageError, wholeNumber } from './command/usage.ts';
export { type Judgement, judge } from './judging/judge.ts';
export { type AppExit, type AppName, type AppProcess, spawnApp } from './system/appProcess.ts';
export { killMidway } from './system/killMidway.ts';
export { LEFTOVERS, ROOT } from './system/root.ts';
export { rowparity, rowparityWith } from './system/rowparity.ts';
export {
  cancelRun,
  controlRun,
  type Following,
  postRun,
  readReport,
  recheckRun,
  rerunRun,
  submitRun,
  untilReport,
  untilSettled,
} from './system/runs.ts';
export { type System, type SystemOptions, startSystem } from './system/startSystem.ts';
export {
  createTopic,
  denyWriting,
  hasTopic,
  readEvents,
  repeatEvents,
  type SentEvent,
} from './system/topics.ts';

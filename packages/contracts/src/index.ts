/** The messages of Rowparity. One message a file; this page only gathers them. */
export * from './certificate.ts';
export * from './counts.ts';
export * from './direction.ts';
export * from './encodedText.ts';
export * from './failure.ts';
export * from './inconsistentEvent.ts';
export * from './ledgerRecords.ts';
export * from './runNote.ts';
export * from './runReport.ts';
export * from './runSpec.ts';
export * from './scalars.ts';
export * from './serverIdentity.ts';
export * from './shardJob.ts';
export * from './specNotes.ts';
export * from './tablePlan.ts';

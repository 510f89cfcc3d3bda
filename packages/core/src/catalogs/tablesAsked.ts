/** Tells how far a step is that asks both servers about each table, so that a person who waits sees it move. */

/** Planning, or looking at the schemas again when all rows are compared. */
export type AskingStep = 'planning' | 'schemas';

export interface TablesAsked {
  readonly step: AskingStep;
  readonly done: number;
  readonly total: number;
}

export interface AskingDeps {
  /** Called at the begin of a step and after each table of it. */
  onAsked?(asked: TablesAsked): void;
}

/** What is to be called after each table. */
export function countAsked(step: AskingStep, total: number, { onAsked }: AskingDeps): () => void {
  let done = 0;
  onAsked?.({ step, done, total });
  return () => {
    done += 1;
    onAsked?.({ step, done, total });
  };
}

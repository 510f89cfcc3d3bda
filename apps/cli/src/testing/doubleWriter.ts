/** An application that writes to two databases: to the second one in the same order, some time behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@rowparity/testkit';
import type { FreshDatabase } from '@rowparity/testkit/vitest';

const STEP_MS = 20;

export interface DoubleWriter {
  write(sql: string): Promise<void>;
  /** Nothing is written to the second one from now on. */
  hold(): void;
  release(): void;
  /** Resolves when both have the same. */
  drained(): Promise<void>;
  end(): Promise<void>;
}

export async function startDoubleWriter(
  { first, second }: { readonly first: FreshDatabase; readonly second: FreshDatabase },
  lagMs: number,
): Promise<DoubleWriter> {
  const atFirst = await connect(first.server, first.name);
  const atSecond = await connect(second.server, second.name);
  const waiting: { readonly sql: string; readonly atMs: number }[] = [];
  let isHeld = false;
  let isOver = false;
  const following = (async () => {
    while (!isOver) {
      const [next] = waiting;
      if (next && !isHeld && performance.now() - next.atMs >= lagMs) {
        await atSecond.query(next.sql);
        waiting.shift();
      } else await sleep(STEP_MS);
    }
  })();
  return {
    async write(sql) {
      await atFirst.query(sql);
      waiting.push({ sql, atMs: performance.now() });
    },
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
    },
    async drained() {
      while (waiting.length > 0) await sleep(STEP_MS);
    },
    async end() {
      isOver = true;
      await following;
      await Promise.all([atFirst.end(), atSecond.end()]);
    },
  };
}

/** Does something again and again, until it is told to stop. */
export function repeatedly(step: () => Promise<void>, everyMs: number): { stop(): Promise<void> } {
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      await step();
      await sleep(everyMs);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await running;
    },
  };
}

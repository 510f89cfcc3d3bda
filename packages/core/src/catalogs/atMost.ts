/** Limits how many calls of a function run at once; the others wait for their turn, in order. */

export function atMost<A, R>(limit: number, call: (argument: A) => Promise<R>): (argument: A) => Promise<R> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (argument) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await call(argument);
    } finally {
      // The next in line gets the place directly, so that no later call takes it.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

import { seededRandom } from '@rowparity/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { BrokenLinks } from '../testing/brokenLinks.ts';
import { findDifferences } from '../testing/findDifferences.ts';
import { onRows, whole } from '../testing/rewrites.ts';
import { ROW_BYTES_MAX } from '../wire/resultSetShape.ts';
import { mutated } from '../wire/testing/mutations.ts';
import { referenceReading } from '../wire/testing/referenceReader.ts';
import { packets } from '../wire/testing/resultSet.ts';

let broken: BrokenLinks;

beforeAll(async () => {
  broken = await BrokenLinks.open();
});
afterEach(() => broken.restore());
afterAll(() => broken.close());

it('captured answers, spoiled in any way on both sides, are a fault or what their bytes say', async () => {
  const seed = Number(process.env.ROWPARITY_FUZZ_SEED ?? Date.now() % 1e6);
  console.log(`ROWPARITY_FUZZ_SEED=${seed}`);
  const random = seededRandom(seed);
  const plan = await broken.servers.plan('numbered');
  const shape = {
    of: 't',
    columns: 4,
    rowsMax: 524_288,
    key: ['integer'] as const,
    isOrdered: true,
    rowBytesMax: ROW_BYTES_MAX,
  };
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 40; round += 1) {
    let spoiled: Buffer | undefined;
    let said: ReturnType<typeof referenceReading> | undefined;
    const rewrite = onRows((answer) => {
      // What ends too early is a server that is silent, which other tests wait for.
      while (!spoiled || !said || said.kind === 'more' || leavesWaiting(spoiled)) {
        spoiled = mutated(packets(whole(answer)), random);
        said = referenceReading(spoiled, shape);
      }
      return spoiled;
    });
    broken.links.base.rewrite = rewrite;
    broken.links.target.rewrite = rewrite;
    const outcome = await findDifferences({ readers: (planned) => broken.readers(planned) }, plan).then(
      ({ end }) => (end.kind === 'ended' ? end.outcome : end.kind),
      (error: { code: string }) => error.code,
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const allowed =
      said?.kind === 'rows'
        ? ['match', 'SCHEMA_CHANGED']
        : ['PROTOCOL_BROKEN', 'ROW_TOO_LARGE', 'STATEMENT_FAILED'];
    expect(allowed, `seed ${seed}, round ${round}: ${JSON.stringify(said)?.slice(0, 300)}`).toContain(
      outcome,
    );
  }
  expect(outcomes.get('PROTOCOL_BROKEN')).toBeGreaterThan(10);
});

/** Its packets end before one of them ends the rows: a reader that does not look into rows waits for more. */
function leavesWaiting(bytes: Buffer): boolean {
  const headPackets = 6;
  let position = 0;
  for (let packet = 1; bytes.length - position >= 4; packet += 1) {
    const end = position + 4 + bytes.readUIntLE(position, 3);
    if (end > bytes.length) return true;
    if (packet > headPackets && bytes[position + 4] !== 0) return false;
    position = end;
  }
  return true;
}

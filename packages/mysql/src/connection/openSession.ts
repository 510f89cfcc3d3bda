/**
 * Opens a session, compressed where its connection says so. With compress=auto the first session of an account is
 * plain: it measures the link, and stays, or is replaced by a compressed one.
 */
import { type CompressionChoice, chooseCompression } from './compressionChoice.ts';
import type { CompressMode, ConnectionTarget } from './connectionTarget.ts';
import { measureLink } from './linkSpeed.ts';
import type { LinkWatch } from './linkWatch.ts';
import { Session } from './session.ts';
import type { StatementThrift } from './statementThrift.ts';

/** A longer answer is given up, with its session: the link is slow, or the server hangs. */
const MEASURE_MS_MAX = 5000;
/** What is said of a link that was given up: 64 KiB in the longest time. */
const SLOWEST_BYTES_PER_SECOND = (64 * 1024) / (MEASURE_MS_MAX / 1000);

export interface AccountOfSessions {
  readonly thrift: StatementThrift;
  readonly link: LinkWatch;
  /** No other session of this process uses the link. */
  readonly isAlone: boolean;
}

export async function openSession(
  target: ConnectionTarget,
  place: string,
  { thrift, link, isAlone }: AccountOfSessions,
): Promise<Session> {
  const open = (compress: CompressMode) => Session.open({ ...target, compress }, place, thrift);
  // A unix socket has no network.
  if (target.compress !== 'auto' || target.socket !== undefined) return open(target.compress);
  return link.open(
    {
      byChoice: ({ use }) => open(use),
      async measure(choose) {
        const plain = await open('off');
        const choice = await choiceBy(plain).catch((error: unknown) => {
          plain.destroy();
          throw error;
        });
        choose(choice);
        if (choice.use === 'off' && plain.isUsable) return plain;
        if (plain.isUsable) await plain.end();
        return open(choice.use);
      },
    },
    isAlone,
  );
}

async function choiceBy(session: Session): Promise<CompressionChoice> {
  const offered = session.offeredCompression;
  const signal = AbortSignal.timeout(MEASURE_MS_MAX);
  const answer = async (bytes: number) => {
    const [row] = await session.query(`SELECT REPEAT(X'78', ${bytes}) AS bytes`, signal);
    return (row?.bytes as Uint8Array | null)?.length ?? 0;
  };
  try {
    const link = await measureLink({ answer, now: () => performance.now() });
    return chooseCompression(link, offered);
  } catch (error) {
    if (!signal.aborted) throw error;
    return chooseCompression(
      { roundTripMs: MEASURE_MS_MAX, bytesPerSecond: SLOWEST_BYTES_PER_SECOND },
      offered,
    );
  }
}

/**
 * The sessions of one attempt at a shard, on one side: one for pages, and one for points if the server allows it. With
 * a single session, a stream of pages ends for a point read and continues after its last row.
 */
import type { Session } from './session.ts';
import { isRefusal, type SessionPool } from './sessionPool.ts';

/** A stream that can release its session and continue later. */
export interface YieldingStream {
  makeWay(): Promise<void>;
}

/** The source of a reader's session. */
export interface SessionSource {
  /** Names the server in messages. */
  readonly place: string;
  /** Other uses wait for this server's connections: streams should be short. */
  readonly isTight: boolean;
  /** Asked before each statement: a broken session is replaced, and no stream is in the way. */
  session(signal: AbortSignal): Promise<Session>;
  /** A stream has begun on the session, or, with undefined, ended. */
  streams(stream: YieldingStream | undefined): void;
  /** Throws when a server sent more than was requested, or when its session variables have changed. */
  close(): Promise<void>;
}

export class SideSessions {
  readonly pages: SessionSource;
  readonly points: SessionSource;
  readonly #pool: SessionPool;
  #ofPages: Session | undefined;
  #ofPoints: Session | undefined;
  /** Points have no session of their own. */
  #isShared = false;
  #stream: YieldingStream | undefined;

  /** `taken`: its place is taken already. */
  constructor(pool: SessionPool, taken?: Session) {
    this.#pool = pool;
    this.#ofPages = taken;
    const common = {
      place: pool.place,
      streams: (stream: YieldingStream | undefined) => this.#onStream(stream),
    };
    // Points with a session of their own do not wait for a stream.
    const isTight = () => this.#isShared || (!this.#ofPoints && pool.places.isTight);
    this.pages = {
      ...common,
      get isTight() {
        return isTight();
      },
      session: (signal) => this.#forPages(signal),
      close: () => this.#closePages(),
    };
    this.points = {
      ...common,
      get isTight() {
        return isTight();
      },
      session: (signal) => this.#forPoints(signal),
      close: () => this.#closePoints(),
    };
  }

  /** After both were closed. No stream will begin: points use this session. Its place is taken already. */
  wake(session: Session): void {
    this.#ofPages = session;
    this.#isShared = true;
  }

  async #forPages(signal: AbortSignal): Promise<Session> {
    this.#ofPages?.expectNoStrayBytes();
    if (this.#ofPages?.isUsable) return this.#ofPages;
    this.#ofPages = this.#ofPages ? await this.#pool.open() : await this.#pool.take(signal);
    return this.#ofPages;
  }

  async #forPoints(signal: AbortSignal): Promise<Session> {
    if (!this.#isShared) {
      const own = await this.#ownForPoints();
      if (own) return own;
      this.#isShared = true;
    }
    await this.#stream?.makeWay();
    return this.#forPages(signal);
  }

  async #ownForPoints(): Promise<Session | undefined> {
    this.#ofPoints?.expectNoStrayBytes();
    if (this.#ofPoints?.isUsable) return this.#ofPoints;
    const broken = this.#ofPoints;
    if (!broken) {
      this.#ofPoints = await this.#pool.tryTake();
      return this.#ofPoints;
    }
    try {
      this.#ofPoints = await this.#pool.open();
      return this.#ofPoints;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#ofPoints = undefined;
      await this.#pool.release(broken);
      return undefined;
    }
  }

  #onStream(stream: YieldingStream | undefined): void {
    this.#stream = stream;
  }

  #closePages(): Promise<void> {
    const session = this.#ofPages;
    this.#ofPages = undefined;
    this.#stream = undefined;
    return this.#close(session);
  }

  #closePoints(): Promise<void> {
    const session = this.#ofPoints;
    this.#ofPoints = undefined;
    return this.#close(session);
  }

  async #close(session: Session | undefined): Promise<void> {
    if (!session) return;
    try {
      await session.verify();
    } finally {
      session.pageBuffer.release();
      session.streamBuffer.release();
      await this.#pool.release(session);
    }
  }
}

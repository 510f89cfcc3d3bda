/**
 * A link to a real server that rewrites the answers to prepared statements on their way to the client, as a broken
 * proxy or server would. Everything else goes through as it is. For small answers, without TLS and compression.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Answer {
  readonly sql: string;
  /** Contents of the packets: column count, definitions, EOF. */
  readonly head: readonly Buffer[];
  readonly rows: readonly Buffer[];
  /** EOF or ERR. */
  readonly end: Buffer;
}

/** The bytes that the client gets, headers included; several are sent one after the other. */
export type Rewrite = (answer: Answer) => Buffer | readonly Buffer[] | undefined;

export interface HostileLink {
  readonly host: string;
  readonly port: number;
  /** Undefined: an answer goes through as it is. */
  rewrite: Rewrite;
  /** Answers to statements that are not prepared are rewritten, too. They must have rows. */
  areQueriesToo: boolean;
  /** Of the first packet of the answer to a PREPARE. */
  rewritePrepared: (packet: Buffer) => Buffer;
  /** The connection is reset right behind an answer. */
  isLostBehind: boolean;
  /** Answers that were rewritten. */
  rewritten: number;
  readonly connections: number;
  close(): Promise<void>;
}

const COM_QUERY = 0x03;
const COM_STMT_PREPARE = 0x16;
const COM_STMT_EXECUTE = 0x17;

export async function hostileLink(target: {
  readonly host: string;
  readonly port: number;
}): Promise<HostileLink> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: target.host, port: target.port, noDelay: true });
    const session = new LinkedSession(client, link);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
    client.on('data', (chunk: Buffer) => {
      session.fromClient(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => session.fromServer(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link: HostileLink = {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    rewrite: () => undefined,
    areQueriesToo: false,
    isLostBehind: false,
    rewritePrepared: (packet) => packet,
    rewritten: 0,
    get connections() {
      return sockets.size;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return link;
}

/** Follows the commands of one connection, so that it knows what an answer answers. */
class LinkedSession {
  readonly #client: Socket;
  readonly #link: HostileLink;
  readonly #statements = new Map<number, string>();
  #fromClient: Buffer = Buffer.alloc(0);
  #fromServer: Buffer = Buffer.alloc(0);
  #preparing: string | undefined;
  /** SQL of the statement whose answer is under way. */
  #executing: string | undefined;
  #raw: Buffer[] = [];
  #contents: Buffer[] = [];

  constructor(client: Socket, link: HostileLink) {
    this.#client = client;
    this.#link = link;
  }

  fromClient(chunk: Buffer): void {
    const { packets, rest } = split(Buffer.concat([this.#fromClient, chunk]));
    this.#fromClient = rest;
    for (const packet of packets) {
      const command = packet[3] === 0 ? packet[4] : undefined;
      if (command === COM_QUERY && this.#link.areQueriesToo) this.#executing = packet.toString('utf8', 5);
      if (command === COM_STMT_PREPARE) this.#preparing = packet.toString('utf8', 5);
      if (command === COM_STMT_EXECUTE) this.#executing = this.#statements.get(packet.readUInt32LE(5));
    }
  }

  fromServer(chunk: Buffer): void {
    const { packets, rest } = split(Buffer.concat([this.#fromServer, chunk]));
    this.#fromServer = rest;
    for (const packet of packets) {
      if (this.#executing !== undefined) this.#gather(packet);
      else this.#pass(packet);
    }
  }

  #pass(packet: Buffer): void {
    if (this.#preparing !== undefined && packet[4] === 0) {
      this.#statements.set(packet.readUInt32LE(5), this.#preparing);
    }
    const isPrepared = this.#preparing !== undefined;
    this.#preparing = undefined;
    this.#client.write(isPrepared ? this.#link.rewritePrepared(packet) : packet);
  }

  #gather(packet: Buffer): void {
    this.#raw.push(packet);
    const content = packet.subarray(4);
    this.#contents.push(content);
    const columns = this.#contents[0]?.[0] as number;
    const headLength = columns + 2;
    const isEnd = content[0] === 0xff || (this.#contents.length > headLength && isEof(content));
    if (!isEnd) return;
    const answer = {
      sql: this.#executing as string,
      head: this.#contents.slice(0, headLength),
      rows: this.#contents.slice(headLength, -1),
      end: content,
    };
    void this.#send(this.#link.rewrite(answer), this.#raw);
    this.#executing = undefined;
    this.#raw = [];
    this.#contents = [];
  }

  async #send(rewritten: ReturnType<Rewrite>, raw: readonly Buffer[]): Promise<void> {
    if (rewritten !== undefined) this.#link.rewritten += 1;
    const parts =
      rewritten === undefined ? [Buffer.concat(raw)] : Buffer.isBuffer(rewritten) ? [rewritten] : rewritten;
    for (const part of parts) {
      this.#client.write(part);
      if (rewritten !== undefined) await nextTurn();
    }
    if (!this.#link.isLostBehind) return;
    // The client reads the answer first: a reset may take with it what has not been read.
    await nextTurn();
    this.#client.resetAndDestroy();
  }
}

function isEof(content: Buffer): boolean {
  return content[0] === 0xfe && content.length === 5;
}

function split(bytes: Buffer): { readonly packets: readonly Buffer[]; readonly rest: Buffer } {
  const packets: Buffer[] = [];
  let position = 0;
  while (bytes.length - position >= 4 && bytes.length - position >= 4 + bytes.readUIntLE(position, 3)) {
    const end = position + 4 + bytes.readUIntLE(position, 3);
    packets.push(Buffer.from(bytes.subarray(position, end)));
    position = end;
  }
  return { packets, rest: Buffer.from(bytes.subarray(position)) };
}

/** Servers behind a link that is slow for each connection: late, and with a bound on its bytes a second. */
import { databaseUrl, type SqlServer, startTcpProxy, type TcpProxy } from '@rowparity/testkit';

export interface LinkOf {
  readonly latencyMs: number;
  readonly bytesPerSecond: number;
}

export interface SlowServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Two proxies one behind the other: each of them does one thing. */
export async function behindSlowLink(
  server: SqlServer,
  database: string,
  { latencyMs, bytesPerSecond }: LinkOf,
): Promise<SlowServer> {
  const late = await startTcpProxy(server);
  late.set({ kind: 'latency', ms: latencyMs });
  const narrow: TcpProxy = await startTcpProxy(late);
  narrow.set({ kind: 'throttled', bytesPerSecond });
  const url = new URL(databaseUrl(server, database));
  url.host = `${narrow.host}:${narrow.port}`;
  return {
    url: url.href,
    async close() {
      await narrow.close();
      await late.close();
    },
  };
}

/** Two real servers behind links that break answers, and tables with the same rows on both, for tests. */
import type { TablePlan } from '@rowparity/contracts';
import { mapSides, type Side, type Sides } from '@rowparity/core';
import { connectionUrl } from '../connection/connectionUrl.ts';
import { SessionPool } from '../connection/sessionPool.ts';
import { SqlRowReader } from '../rows/sqlRowReader.ts';
import { type FindOptions, type Found, findDifferences } from './findDifferences.ts';
import { type HostileLink, hostileLink } from './hostileLink.ts';
import { type TestServers, testServers } from './tablePair.ts';

const ROWS = 40;

export class BrokenLinks {
  readonly servers: TestServers;
  readonly links: Sides<HostileLink>;
  /** Through the links; new ones for every test. */
  pools: Sides<SessionPool>;

  private constructor(servers: TestServers, links: Sides<HostileLink>) {
    this.servers = servers;
    this.links = links;
    this.pools = this.#newPools();
  }

  static async open(): Promise<BrokenLinks> {
    const servers = await testServers();
    await makeTables(servers);
    const linkOf = (side: Side) => hostileLink(servers.databases[side].server);
    return new BrokenLinks(servers, { base: await linkOf('base'), target: await linkOf('target') });
  }

  async close(): Promise<void> {
    await this.restore();
    await Promise.all([this.links.base.close(), this.links.target.close()]);
    await this.servers.close();
  }

  /** Nothing is broken any more, and nothing is left of what was. */
  async restore(): Promise<void> {
    for (const link of [this.links.base, this.links.target]) {
      link.rewrite = () => undefined;
      link.rewritePrepared = (packet) => packet;
      link.areQueriesToo = false;
      link.isLostBehind = false;
    }
    await this.closePools();
    this.pools = this.#newPools();
  }

  async closePools(): Promise<void> {
    await Promise.all([this.pools.base.close(), this.pools.target.close()]);
  }

  /** Of both links. */
  get connections(): number {
    return this.links.base.connections + this.links.target.connections;
  }

  readers(plan: TablePlan): Sides<SqlRowReader> {
    return mapSides(this.pools, (pool, side) => new SqlRowReader(pool, plan, side));
  }

  async compare(table: string, options: FindOptions = {}): Promise<Found> {
    const readers = (plan: TablePlan) => this.readers(plan);
    return findDifferences({ readers }, await this.servers.plan(table), options);
  }

  #newPools(): Sides<SessionPool> {
    return mapSides(this.links, ({ host, port }, side) => {
      const url = new URL(this.servers.databases[side].url);
      url.host = `${host}:${port}`;
      // The link rewrites packets, and its own work would be measured as the speed of the link.
      url.searchParams.set('compress', 'false');
      return new SessionPool(connectionUrl.parse(url.href), { ref: side, idleMax: 4 });
    });
  }
}

/** Keys that are numbers, text, and pairs of a number and bytes. */
async function makeTables(servers: TestServers): Promise<void> {
  const columns = 'v VARCHAR(20), d DATETIME(3), n INT';
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `'name ${i}', '2024-01-02 03:04:05.5', ${i % 3 ? i : 'NULL'}`,
  );
  const numbered = rows.map((row, i) => `(${i}, ${row})`);
  const named = rows.map((row, i) => `('k${String(i).padStart(3, '0')}', ${row})`);
  await servers.runBoth(
    `CREATE TABLE numbered (id INT PRIMARY KEY, ${columns})`,
    `INSERT INTO numbered VALUES ${numbered.join(',')}`,
    `CREATE TABLE named (k VARCHAR(9) COLLATE utf8mb4_general_ci PRIMARY KEY, ${columns})`,
    `INSERT INTO named VALUES ${named.join(',')}`,
    `CREATE TABLE paired (a INT, b VARBINARY(9), ${columns}, PRIMARY KEY (a, b))`,
    'INSERT INTO paired SELECT id DIV 4, HEX(id), v, d, n FROM numbered',
  );
}

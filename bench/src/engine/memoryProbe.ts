/**
 * A process of its own that compares one table and says how much memory it took: argv is two database URLs and a
 * table.
 */
import { connectionUrl, SessionPool } from '@rowparity/mysql';
import { compareTable } from './compareTable.ts';

const [base = '', target = '', table = ''] = process.argv.slice(2);
const pool = (url: string, ref: string) => new SessionPool(connectionUrl.parse(url), { ref, idleMax: 4 });
const pools = { base: pool(base, 'base'), target: pool(target, 'target') };
const counts = await compareTable(pools, { table, strategy: 'exact' });
process.stdout.write(
  `${JSON.stringify({ maxRssKiB: process.resourceUsage().maxRSS, cpu: process.cpuUsage(), neq: counts.neq })}\n`,
);
await Promise.all([pools.base.close(), pools.target.close()]);

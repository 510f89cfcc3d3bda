/**
 * A process of its own that compares one table and says how much memory it took: argv is two database URLs and a
 * table.
 */
import { connectionUrl, SessionShelf } from '@rowparity/mysql';
import { compareTable } from './compareTable.ts';

const [base = '', target = '', table = ''] = process.argv.slice(2);
const shelf = (url: string, ref: string) => new SessionShelf(connectionUrl.parse(url), { ref, idleMax: 4 });
const shelves = { base: shelf(base, 'base'), target: shelf(target, 'target') };
const counts = await compareTable(shelves, { table, strategy: 'exact' });
process.stdout.write(
  `${JSON.stringify({ maxRssKiB: process.resourceUsage().maxRSS, cpu: process.cpuUsage(), neq: counts.neq })}\n`,
);
await Promise.all([shelves.base.close(), shelves.target.close()]);

import { connect } from '@rowparity/testkit';
import { expect, it } from 'vitest';
import { connectionUrl } from '../connection/connectionUrl.ts';
import { SessionPool } from '../connection/sessionPool.ts';
import { noSignal, testServers } from '../testing/tablePair.ts';
import { SqlCatalog } from './sqlCatalog.ts';

it('a server says who it is to a user who may only SELECT', async () => {
  const servers = await testServers();
  const { server, name, url } = servers.databases.base;
  const root = await connect(server, name);
  await root.query(`CREATE USER 'reader_${name}'@'%' IDENTIFIED BY 'secret'`);
  await root.query(`GRANT SELECT ON ${name}.* TO 'reader_${name}'@'%'`);
  const address = new URL(url);
  address.username = `reader_${name}`;
  address.password = 'secret';
  const target = connectionUrl.parse(address.href);
  const pool = new SessionPool(target, { ref: 'base', idleMax: 1 });
  const catalog = new SqlCatalog(pool);
  const identity = await catalog.identify(noSignal);
  expect(identity).toMatchObject({
    version: expect.stringMatching(/^\d+\./),
    serverId: expect.stringMatching(/^\d+$/),
  });
  expect(identity.host).not.toBe('');
  const { position } = identity;
  if ('missing' in position) expect(position.missing).toMatch(/gtid_\w+ (is empty|cannot be read)/);
  else expect(position.value).not.toBe('');
  await pool.close();
  await root.query(`DROP USER 'reader_${name}'@'%'`);
  await root.end();
  await servers.close();
});

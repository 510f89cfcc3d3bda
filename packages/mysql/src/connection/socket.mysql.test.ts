import { existsSync } from 'node:fs';
import { connect } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import type { RowDataPacket } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { noSignal } from '../testing/tablePair.ts';
import { connectionUrl } from './connectionUrl.ts';
import { Session } from './session.ts';

it('a session by a unix socket needs no port, and an account without a cached password no TLS', async ({
  skip,
}) => {
  const server = sqlServer('source');
  const admin = await connect(server);
  const [[row]] = await admin.query<RowDataPacket[]>('SELECT @@socket AS path');
  const path = String(row?.path);
  if (!existsSync(path)) return skip('the server is on another machine');
  const user = `by_socket_${process.pid}`;
  await admin.query(`CREATE USER '${user}'@'localhost' IDENTIFIED BY 's 1'`);
  try {
    const url = `mysql://${user}:s%201@localhost:1/information_schema?socket=${encodeURIComponent(path)}`;
    const session = await Session.open(connectionUrl.parse(url), 'source');
    const [who] = await session.query('SELECT USER() AS me', noSignal);
    await session.end();
    expect(who?.me).toBe(`${user}@localhost`);
  } finally {
    await admin.query(`DROP USER '${user}'@'localhost'`);
    await admin.end();
  }
});

it('a socket that is not there is told as a server that does not answer', async () => {
  const target = connectionUrl.parse('mysql://u:p@localhost/d?socket=/nowhere/sql.sock');
  await expect(Session.open(target, 'source')).rejects.toMatchObject({
    class: 'transient',
    code: 'SERVER_UNREACHABLE',
    message: expect.stringContaining('socket'),
  });
});

import { expect, it } from 'vitest';
import { RowparityClient } from './index.ts';
import { MIGRATION, MIGRATION_DEFINITION, MIGRATION_GATE } from './testing/documents.ts';
import { cut, hostileServer, json, page } from './testing/hostileServer.ts';

const clientOf = ({ url }: { readonly url: string }) =>
  new RowparityClient({ coordinator: url, reporter: url, deadlineMs: 60_000 });

it('a switch of stage whose answer is lost is asked again with the same expectation', async () => {
  await using server = await hostileServer(cut, page(502), json(200, MIGRATION));
  const client = clientOf(server);
  expect(await client.migrations.switchStage('move', 'src_first', { expected: 'src_only' })).toEqual(
    MIGRATION,
  );
  expect(server.asked).toEqual(Array(3).fill('POST /v1/migrations/move/stage'));
});

it('each call asks its route', async () => {
  await using server = await hostileServer(
    json(201, MIGRATION),
    json(200, MIGRATION),
    json(200, { migrations: [MIGRATION], unreadable: [] }),
    json(202, MIGRATION),
    json(200, MIGRATION_GATE),
    (response) => void response.writeHead(204).end(),
  );
  const { migrations } = clientOf(server);
  await migrations.put('move', MIGRATION_DEFINITION);
  await migrations.get('move');
  expect((await migrations.list()).migrations).toEqual([MIGRATION]);
  await migrations.orderRun('move', { number: 1 });
  expect(await migrations.gate('move', { quietRuns: '2' })).toEqual(MIGRATION_GATE);
  await migrations.delete('move');
  expect(server.asked).toEqual([
    'PUT /v1/migrations/move',
    'GET /v1/migrations/move',
    'GET /v1/migrations',
    'POST /v1/migrations/move/runs',
    'GET /v1/migrations/move/gate?quietRuns=2',
    'DELETE /v1/migrations/move',
  ]);
});

it('a stage that is not next is an error with its code, and is not asked again', async () => {
  await using server = await hostileServer(json(409, { error: 'stage_not_next', message: 'no' }));
  const call = clientOf(server).migrations.switchStage('move', 'dst_only');
  await expect(call).rejects.toMatchObject({ code: 'stage_not_next', status: 409 });
  expect(server.asked).toHaveLength(1);
});

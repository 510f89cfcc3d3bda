import { expect, it } from 'vitest';
import { webhooks } from './webhookOption.ts';

const SECRET = 'a-secret-of-24-characters';
const OPS = { url: 'https://ops.example/hook', secret: SECRET };

it('webhooks are read by name, in any case', () => {
  const text = JSON.stringify({ Ops: OPS });
  expect([...webhooks.schema.parse(text)]).toEqual([['ops', OPS]]);
  expect(webhooks.schema.parse(undefined).size).toBe(0);
});

it.each([
  ['no JSON', '{ops', 'the text'],
  ['a short secret', JSON.stringify({ ops: { ...OPS, secret: 'short' } }), 'ops.secret'],
  ['another protocol', JSON.stringify({ ops: { ...OPS, url: 'file:///etc/passwd' } }), 'ops.url'],
  ['a login in the URL', JSON.stringify({ ops: { ...OPS, url: 'https://me:word@ops.example' } }), 'ops.url'],
  ['a field more', JSON.stringify({ ops: { ...OPS, method: 'GET' } }), 'ops'],
  ['a name that no spec can have', JSON.stringify({ 'o p s': OPS }), 'o p s'],
])('%s is refused with its place, and no secret or address in the message', (_, text, place) => {
  const read = webhooks.schema.safeParse(text);
  const [issue] = read.error?.issues ?? [];
  expect(issue?.message).toContain(`not so at ${place}`);
  for (const hidden of [SECRET, 'ops.example', 'short', 'passwd'])
    expect(issue?.message).not.toContain(hidden);
});

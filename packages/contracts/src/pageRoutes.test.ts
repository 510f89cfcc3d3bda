import { expect, it } from 'vitest';
import { isPagePath } from './pageRoutes.ts';

it.each(['/', '/runs/r-1', '/runs/orders.2_b', '/migrations/move', '/assets/0123abcd/main.ts'])(
  '%s is a path of the page',
  (path) => {
    expect(isPagePath(path)).toBe(true);
  },
);

it.each([
  ...[
    '',
    '//',
    '/runs',
    '/runs/',
    '/runs/a/b',
    '/runs/r-1/',
    '/runs/a%2fb',
    '/runs/%2e%2e',
    '/RUNS/r-1',
    '/runs/.r',
  ],
  ...[
    '/assets/a/../v1/runs',
    '/assets/../v1/runs',
    '/assets/a/b/c',
    '/assets/a/..',
    '/assets/a/.env',
    '/assets/a/',
  ],
  ...[
    '/v1/runs',
    '/v1/runs/r-1/report',
    '/metrics',
    '/openapi.json',
    '/runs/r-1;/v1/runs',
    '/runs/r-1\n/v1/runs',
  ],
  ...[
    'http://host/runs/r-1',
    ' /',
    '/ ',
    '/\n',
    '/runs/r-1\n',
    '/v1/../runs/r-1',
    `/runs/${'r'.repeat(101)}`,
  ],
])('%j is none', (path) => {
  expect(isPagePath(path)).toBe(false);
});

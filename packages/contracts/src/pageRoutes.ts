/**
 * The web page over HTTP: documents and the files that they load. They need no token, because they are the same for
 * every run and tell of none; what the page shows comes from the routes under /v1, which need it.
 */
import { z } from 'zod';
import { type HttpRoutes, refusal } from './httpRoute.ts';
import { ofMigration } from './migrationRoutes.ts';
import { ofRun } from './serviceRoutes.ts';

/** Letters of a run id, a migration id, and the name of a file. */
const NAME = '[A-Za-z0-9][A-Za-z0-9._-]{0,99}';
const name = z.string().regex(new RegExp(`^${NAME}$`), 'expected letters, digits, ".", "_" and "-"');
const document = {
  200: { description: 'An HTML document, the same for all of them.', file: true },
  400: refusal('What stands in the path is no id.', 'bad_parameter'),
} as const;

export const PAGE_ROUTES = {
  getRunsPage: {
    method: 'GET',
    path: '/',
    summary: 'The web page: runs and migrations.',
    access: 'open',
    query: z.looseObject({}),
    answers: { 200: document[200] },
  },
  getRunPage: {
    method: 'GET',
    path: '/runs/:id',
    summary: 'The web page of a run.',
    access: 'open',
    params: ofRun,
    query: z.looseObject({}),
    answers: document,
  },
  getMigrationPage: {
    method: 'GET',
    path: '/migrations/:id',
    summary: 'The web page of a migration.',
    access: 'open',
    params: ofMigration,
    query: z.looseObject({}),
    answers: document,
  },
  getPageFile: {
    method: 'GET',
    path: '/assets/:build/:file',
    summary: 'A script or style of the web page. The build is a hash of all of them.',
    access: 'open',
    params: z.strictObject({ build: name, file: name }),
    answers: {
      200: { description: 'The file.', file: true },
      400: document[400],
      404: refusal('The page has no such file.', 'path_unknown'),
    },
  },
} as const satisfies HttpRoutes;

const PATHS = Object.values(PAGE_ROUTES).map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, NAME)}$`));

/** Exactly the paths of these routes: nothing encoded, nothing behind them. */
export function isPagePath(path: string): boolean {
  return PATHS.some((pattern) => pattern.test(path));
}

/** The files of the web page. They are the same for every run, and tell of none. */
import type { REPORTER_ROUTES } from '@rowparity/contracts';
import type { HttpHandlers } from '@rowparity/runtime';
import { readPageFiles } from '@rowparity/web';

type PageRoute = 'getRunsPage' | 'getRunPage' | 'getMigrationPage' | 'getPageFile';

export function pageHandlers(): Pick<HttpHandlers<typeof REPORTER_ROUTES>, PageRoute> {
  const files = readPageFiles();
  const document = { status: 200, file: files.document } as const;
  return {
    getRunsPage: () => document,
    getRunPage: () => document,
    getMigrationPage: () => document,
    getPageFile({ params: { build, file: name } }) {
      const file = files.file(name, build);
      if (file) return { status: 200, file };
      const message = `The page has no file ${name}. Load the page again.`;
      return { status: 404, body: { error: 'path_unknown', message } };
    },
  };
}

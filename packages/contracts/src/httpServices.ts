/** The services of HTTP, with their routes. */
import { COORDINATOR_ROUTES } from './coordinatorRoutes.ts';
import { openApiDocument } from './openApi.ts';
import { REPORTER_ROUTES } from './reporterRoutes.ts';

/** The OpenAPI documents, by service. Each call makes them anew. */
export const HTTP_DOCUMENTS = {
  coordinator: () => openApiDocument({ title: 'Rowparity coordinator', routes: COORDINATOR_ROUTES }),
  reporter: () => openApiDocument({ title: 'Rowparity reporter', routes: REPORTER_ROUTES }),
} as const;

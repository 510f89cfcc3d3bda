// The JSON Schemas of messages and the OpenAPI documents of the services, as docs/schemas has them.

import { HTTP_DOCUMENTS, PUBLISHED_SCHEMAS } from '@rowparity/contracts';

/** Text by path. */
export function schemaTexts(): ReadonlyMap<string, string> {
  const messages = Object.entries(PUBLISHED_SCHEMAS).map(([name, schema]) => [
    `${name}.schema.json`,
    schema(),
  ]);
  const services = Object.entries(HTTP_DOCUMENTS).map(([name, document]) => [
    `${name}.openapi.json`,
    document(),
  ]);
  return new Map(
    [...messages, ...services].map(([file, json]) => [
      `docs/schemas/${file}`,
      `${JSON.stringify(json, null, 2)}\n`,
    ]),
  );
}

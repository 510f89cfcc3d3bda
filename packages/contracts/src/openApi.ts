/** The OpenAPI 3.1 document of a service, made of its routes: nothing in it is written twice. */
import type { z } from 'zod';
import { httpErrorWith } from './httpError.ts';
import {
  answersOf,
  HTTP_API_VERSION,
  type HttpAnswer,
  type HttpRoute,
  type HttpRoutes,
} from './httpRoute.ts';
import { jsonSchemaOf, schemasByName } from './jsonSchemas.ts';

export interface OpenApiInput {
  readonly title: string;
  readonly routes: HttpRoutes;
}

export type OpenApiDocument = Readonly<Record<string, unknown>>;

const NAMED = '#/components/schemas/';

export function openApiDocument({ title, routes }: OpenApiInput): OpenApiDocument {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [operationId, route] of Object.entries(routes)) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(operationId, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: String(HTTP_API_VERSION),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: namedIn(paths),
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operationOf(operationId: string, route: HttpRoute) {
  const { summary, access, params, query, body } = route;
  const parameters = [...parametersIn('path', params), ...parametersIn('query', query)];
  return {
    operationId,
    summary,
    security: access === 'open' ? [] : [{ token: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }
      : {}),
    responses: Object.fromEntries(
      [...answersOf(route)].map(([status, answer]) => [status, responseOf(answer)]),
    ),
  };
}

function parametersIn(place: 'path' | 'query', schema: z.ZodObject | undefined) {
  return Object.entries(schema?.shape ?? {}).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || !(value as z.ZodType).safeParse(undefined).success,
    ...describedBy(value as z.ZodType),
    schema: schemaOf(value as z.ZodType, 'input'),
  }));
}

function describedBy({ description }: z.ZodType) {
  return description === undefined ? {} : { description };
}

function responseOf(answer: HttpAnswer) {
  const { description } = answer;
  if ('media' in answer) return { description, content: { [answer.media]: { schema: { type: 'string' } } } };
  if ('file' in answer) return { description, content: { '*/*': { schema: { type: 'string' } } } };
  if ('empty' in answer) return { description };
  const schema = 'codes' in answer ? httpErrorWith(answer.codes) : answer.schema;
  return { description, content: { 'application/json': { schema: schemaOf(schema, 'output') } } };
}

/** A schema with a name is written once. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  for (const [name, named] of schemasByName()) {
    if (named.schema === schema && named.io === io) return { $ref: `${NAMED}${name}` };
  }
  return jsonSchemaOf(schema, io);
}

function namedIn(paths: unknown): Record<string, unknown> {
  const text = JSON.stringify(paths);
  const used = [...schemasByName()].filter(([name]) => text.includes(`"${NAMED}${name}"`));
  return Object.fromEntries(used.map(([name, { schema, io }]) => [name, jsonSchemaOf(schema, io)]));
}

import {
  COORDINATOR_ROUTES,
  encodeEvent,
  HTTP_DOCUMENTS,
  type HttpRoutes,
  httpErrorWith,
  type InconsistentEvent,
  REPORTER_ROUTES,
  runSpec,
} from '@rowparity/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { listFiles, readPage } from './pages.ts';
import { schemaTexts } from './schemaTexts.ts';

/** RFC 3339, as JSON Schema has it. */
const FORMATS = {
  'date-time': (text: string) => /T.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
};

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: object }>>;

const SERVICES = [
  ['coordinator', HTTP_DOCUMENTS.coordinator() as unknown as Document, COORDINATOR_ROUTES as HttpRoutes],
  ['reporter', HTTP_DOCUMENTS.reporter() as unknown as Document, REPORTER_ROUTES as HttpRoutes],
] as const;

test('docs/schemas has the schemas that the contracts make, and no others', () => {
  // Otherwise: npm run docs:schemas
  const texts = schemaTexts();
  expect(listFiles('docs/schemas/*.json')).toEqual([...texts.keys()].sort());
  for (const [path, text] of texts) expect(readPage(path)).toBe(text);
});

function validatorOf(file: string) {
  return new Ajv2020({ strict: true, allErrors: true, formats: FORMATS }).compile(
    JSON.parse(readPage(`docs/schemas/${file}`)),
  );
}

const SPEC = {
  ...{ version: 1, runId: 'r-1', source: 'old', destination: 'new', direction: 'SRC' },
  tables: [{ name: 'orders' }],
};

test('the schema of a spec takes what the coordinator takes, and refuses a typo', () => {
  const isSpec = validatorOf('run-spec.schema.json');
  expect(isSpec(SPEC)).toBe(true);
  expect(isSpec(runSpec.parse(SPEC))).toBe(true);
  expect(isSpec({ ...SPEC, tabels: [] })).toBe(false);
  expect(isSpec({ ...SPEC, runId: 'a:b' })).toBe(false);
});

test.each(['full', 'minimal'] as const)(
  'the schema of an event takes a %s event as it is on the wire',
  (format) => {
    const isEvent = validatorOf('event.schema.json');
    const event: InconsistentEvent = {
      ...{ ID: 9_223_372_036_854_775_807n, Direction: 'SRC', Type: 'neq', Table: 'orders', Columns: ['a'] },
      Key: { id: 9_223_372_036_854_775_807n, part: 'x', digest: { hex: '00ff' } },
    };
    const sent = JSON.parse(encodeEvent(event, format)) as object;
    expect([isEvent(sent), isEvent.errors]).toEqual([true, null]);
    expect(isEvent({ ...sent, Type: 'missing' })).toBe(false);
    expect(isEvent({ ...sent, ID: '10' })).toBe(false);
  },
);

test('the schema of a report compiles, and refuses what is none', () => {
  expect(validatorOf('run-report.schema.json')({})).toBe(false);
});

test.each(SERVICES)(
  'the document of the %s has every route with its parameters, token and answers',
  (_name, { paths }, routes) => {
    const told = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(told.map(({ operation }) => operation.operationId).toSorted()).toEqual(
      Object.keys(routes).toSorted(),
    );
    for (const { path, method, operation } of told) {
      const route = routes[operation.operationId];
      expect(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`).toBe(
        `${route?.method} ${route?.path}`,
      );
      const inPath = operation.parameters?.filter((one) => one.in === 'path').map(({ name }) => name) ?? [];
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(operation.security.length > 0).toBe(route?.access !== 'open');
      expect(operation.requestBody !== undefined).toBe(route?.body !== undefined);
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(Object.keys(route?.answers ?? {})),
      );
      for (const { description } of Object.values(operation.responses)) expect(description).not.toBe('');
    }
  },
);

test.each(SERVICES)(
  'every schema in the document of the %s compiles, and every reference leads somewhere',
  (_name, { paths, components }) => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: FORMATS });
    ajv.addKeyword('components');
    ajv.addSchema({ $id: 'document', components });
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const schemas = operations.flatMap(({ parameters = [], requestBody, responses }) => [
      ...parameters.map(({ schema }) => schema),
      ...[requestBody, ...Object.values(responses)].flatMap((one) =>
        Object.values(one?.content ?? {}).map(({ schema }) => schema),
      ),
    ]);
    expect(schemas.length).toBeGreaterThan(20);
    const text = JSON.stringify(schemas);
    const used = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
    expect([...used].toSorted()).toEqual(Object.keys(components.schemas).toSorted());
    for (const schema of schemas) {
      const whole = JSON.parse(
        JSON.stringify(schema).replaceAll('"#/components', '"document#/components'),
      ) as object;
      expect(() => ajv.compile(whole)).not.toThrow();
    }
  },
);

test.each(SERVICES)(
  'every refusal of the %s has the one shape, and its codes are in the document',
  (_name, { paths }) => {
    const refusals = Object.values(paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ responses }) => Object.entries(responses).filter(([status]) => Number(status) >= 400));
    expect(refusals.length).toBeGreaterThan(10);
    for (const [, { content }] of refusals) {
      const schema = content?.['application/json']?.schema as {
        readonly properties: { readonly error: { readonly enum: readonly string[] } };
      };
      const ajv = new Ajv2020({ formats: FORMATS });
      const isRefusal = ajv.compile(schema);
      const [code] = schema.properties.error.enum;
      expect(httpErrorWith([code] as never).safeParse({ error: code, message: 'm' }).success).toBe(true);
      expect(isRefusal({ error: code, message: 'm', problems: [{ path: 'a', message: 'm' }] })).toBe(true);
      expect(isRefusal({ error: 'no such code', message: 'm' })).toBe(false);
      expect(isRefusal({ statusCode: 404, message: 'm' })).toBe(false);
    }
  },
);

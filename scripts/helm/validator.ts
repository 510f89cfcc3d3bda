// Checks rendered objects as a Kubernetes API server would, and stricter: a field that the schema does not have is an
// error, not a field to be dropped. Rules in CEL (x-kubernetes-validations) are not evaluated.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import type { Manifest } from './manifests.ts';
import type { SchemaFolders } from './tools/schemaFiles.ts';

type Schema = { [keyword: string]: unknown };
/** What is wrong with an object, a line each. */
export type Validator = (manifest: Manifest) => readonly string[];

const RESOURCES = {
  'keda-2.21.0': ['keda.sh_scaledobjects', 'keda.sh_triggerauthentications'],
  'prometheus-operator-0.85.0': [
    'monitoring.coreos.com_servicemonitors',
    'monitoring.coreos.com_prometheusrules',
  ],
} as const;

/** `kubernetes` names one of the folders with the OpenAPI of Kubernetes. */
export function createValidator(
  folders: SchemaFolders,
  kubernetes: 'kubernetes-1.29.0' | 'kubernetes-1.37.0',
): Validator {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, code: { regExp: goRegExp } });
  const checks = new Map<string, Check>();
  const { definitions } = JSON.parse(readFileSync(join(folders[kubernetes], 'swagger.json'), 'utf8')) as {
    definitions: Record<string, Schema>;
  };
  ajv.addSchema({ $id: 'kubernetes', definitions: tighten(definitions) as Schema });
  for (const [name, schema] of Object.entries(definitions)) {
    for (const { group, version, kind } of kindsOf(schema)) {
      const compile = () => ajv.compile({ $ref: `kubernetes#/definitions/${name}` });
      checks.set(keyOf(group ? `${group}/${version}` : version, kind), lazily(compile));
    }
  }
  for (const [origin, names] of Object.entries(RESOURCES)) {
    for (const name of names) addResource(join(folders[origin as keyof typeof RESOURCES], `${name}.yaml`));
  }

  function addResource(file: string): void {
    const { spec } = parse(readFileSync(file, 'utf8')) as ResourceDefinition;
    for (const { name, schema } of spec.versions) {
      const compile = () => ajv.compile(tighten(schema.openAPIV3Schema) as Schema);
      checks.set(keyOf(`${spec.group}/${name}`, spec.names.kind), lazily(compile));
    }
  }

  return (manifest) => {
    const key = keyOf(manifest.apiVersion, manifest.kind);
    const check = checks.get(key);
    if (!check) return [`${key}: there is no such kind`];
    return check(manifest).map((problem) => `${key} ${manifest.metadata.name}: ${problem}`);
  };
}

type Check = (value: unknown) => readonly string[];

interface ResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

function keyOf(apiVersion: string, kind: string): string {
  return `${apiVersion} ${kind}`;
}

function kindsOf(schema: Schema) {
  const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
  return kinds as readonly { readonly group: string; readonly version: string; readonly kind: string }[];
}

/** Go's `(?i)`, which JavaScript has as a flag. */
function goRegExp(pattern: string, flags: string): RegExp {
  const plain = pattern.replace('(?i)', '');
  return new RegExp(plain, plain === pattern ? flags : `${flags}i`);
}
goRegExp.code = 'goRegExp';

/** Most of the kinds are never asked for, and compiling a schema takes time. */
function lazily(compile: () => ValidateFunction): Check {
  let compiled: ValidateFunction | undefined;
  return (value) => {
    compiled ??= compile();
    if (compiled(value)) return [];
    return (compiled.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** Closes every object whose fields are known, and lets what may be a number or a text be either. */
function tighten(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(tighten);
  if (typeof schema !== 'object' || schema === null) return schema;
  const tight = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, tighten(part)]));
  if (tight.type === 'string' && tight.format === 'int-or-string') return { type: ['string', 'integer'] };
  const isClosed =
    isSchemaMap(tight.properties) &&
    tight.additionalProperties === undefined &&
    tight['x-kubernetes-preserve-unknown-fields'] !== true;
  return isClosed ? { ...tight, additionalProperties: false } : tight;
}

/** The keyword, and not a field of that name, whose schema has a type of its own. */
function isSchemaMap(properties: unknown): boolean {
  return (
    typeof properties === 'object' &&
    properties !== null &&
    Object.values(properties).every((part) => typeof part === 'object' && part !== null)
  );
}

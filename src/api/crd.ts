import { z } from 'zod';
import { GROUP, VERSION } from './v1alpha1/group.ts';
import type { KindDefinition } from './v1alpha1/kinds.ts';

type Schema = Record<string, unknown>;

/** JSON Schema words that a structural schema of Kubernetes refuses or that say nothing there. */
const DROPPED = new Set([
  '$schema',
  'additionalProperties',
  'default',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'propertyNames',
]);

/** zod writes the bounds of a safe integer for every integer; Kubernetes has its own, and these only hide the real ones. */
const isRealBound = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) < 2 ** 53 - 1;

function keptWord(word: string, value: unknown, schema: Schema): unknown {
  if (!DROPPED.has(word)) return value;
  if (word === 'minimum' || word === 'maximum') return isRealBound(value) ? value : undefined;
  if (word === 'additionalProperties')
    return typeof value === 'object' ? structural(value as Schema) : undefined;
  if (word === 'format') return value === 'date-time' ? value : undefined;
  // zod's own pattern of a date is long and weaker than format: date-time, which the API server checks.
  if (word === 'pattern') return schema['format'] === 'date-time' ? undefined : value;
  if (word === 'default') return value;
  return undefined;
}

/**
 * A JSON Schema as zod writes it → the structural schema that a CRD takes: no additionalProperties: false (the API server
 * prunes and, under strict field validation, refuses unknown fields by itself), no bounds of ±2^53, no propertyNames.
 */
export function structural(schema: Schema): Schema {
  const result: Schema = {};
  // Kubernetes takes either a schema of further members or the mark that they are kept as they come.
  const free = schema['x-kubernetes-preserve-unknown-fields'] === true;
  for (const [word, value] of Object.entries(schema)) {
    if (free && word === 'additionalProperties') continue;
    const kept = keptWord(word, value, schema);
    if (kept === undefined) continue;
    result[word] = kept;
  }
  if (result['properties']) {
    const properties = Object.entries(result['properties'] as Record<string, Schema>);
    result['properties'] = Object.fromEntries(
      properties.map(([name, property]) => [name, structural(property)]),
    );
  }
  if (result['items']) result['items'] = structural(result['items'] as Schema);
  return result;
}

const toStructural = (type: z.ZodType): Schema =>
  structural(z.toJSONSchema(type, { target: 'openapi-3.0', io: 'input', reused: 'inline' }));

function columnOf(column: KindDefinition['columns'][number]): Schema {
  return {
    name: column.name,
    type: column.type,
    jsonPath: column.path,
    description: column.description,
    ...(column.wide ? { priority: 1 } : {}),
  };
}

/** The CustomResourceDefinition of a kind, as `npm run generate` writes it to crds/. */
export function customResourceDefinition(definition: KindDefinition): Schema {
  const { kind, plural, shortNames, scope, description, selectableFields } = definition;
  const properties: Schema = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: { ...toStructural(definition.spec), description: `What is wanted. ${description}` },
    ...(definition.status
      ? {
          status: {
            ...toStructural(definition.status),
            description: 'What was seen and decided. Written by Sekisho alone.',
          },
        }
      : {}),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames,
        categories: ['sekisho'],
      },
      scope,
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', description, required: ['spec'], properties } },
          additionalPrinterColumns: definition.columns.map(columnOf),
          ...(selectableFields.length > 0
            ? { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }
            : {}),
          ...(definition.status ? { subresources: { status: {} } } : {}),
        },
      ],
    },
  };
}

/** docs/api.md: every kind, field, condition and reason, read out of the sources that decide. */
import { customResourceDefinition } from '../src/api/crd.ts';
import { resultReason } from '../src/api/v1alpha1/code-execution-request.ts';
import { API_VERSION } from '../src/api/v1alpha1/group.ts';
import { KINDS } from '../src/api/v1alpha1/kinds.ts';
import type { KindDefinition } from '../src/api/v1alpha1/kinds.ts';
import { CONDITIONS } from '../src/core/conditions/index.ts';
import { REASONS } from '../src/core/verdict/reasons.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
const code = (text: string): string => `\`${text}\``;

function typeOf(schema: Schema): string {
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
  if (schema.additionalProperties) return `map of ${typeOf(schema.additionalProperties)}`;
  if (schema.enum) return schema.enum.map(code).join(' ');
  return schema.format === 'date-time' ? 'time' : (schema.type ?? 'anything');
}

function between(least: number | undefined, most: number | undefined, unit: string): readonly string[] {
  if (least !== undefined && most !== undefined) return [`${least} to ${most}${unit}`];
  if (least !== undefined) return [`at least ${least}${unit}`];
  return most === undefined ? [] : [`at most ${most}${unit}`];
}

function limitsOf(schema: Schema): readonly string[] {
  return [
    ...between(schema.minimum, schema.maximum, ''),
    ...between(schema.minLength, schema.maxLength, ' characters'),
    ...between(schema.minItems, schema.maxItems, ' entries'),
    ...between(undefined, schema.maxProperties, ' entries'),
    ...(schema.pattern ? [code(schema.pattern)] : []),
    ...(schema['x-kubernetes-list-type'] === 'set' ? ['no entry twice'] : []),
    ...(schema['x-kubernetes-list-map-keys'] ?? []).map((key) => `no two with the same ${key}`),
    ...(schema.items && !schema.items.properties
      ? limitsOf(schema.items).map((text) => `each: ${text}`)
      : []),
    ...(schema.additionalProperties
      ? limitsOf(schema.additionalProperties).map((text) => `each: ${text}`)
      : []),
  ];
}

function rowsOf(schema: Schema, path: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const own = `${path}.${name}${field.type === 'array' && field.items?.properties ? '[]' : ''}`;
    const needed = schema.required?.includes(name) && field.default === undefined;
    const initial = field.default === undefined ? '' : code(JSON.stringify(field.default));
    const cells = [
      code(own),
      typeOf(field),
      needed ? 'required' : initial,
      limitsOf(field).join('; '),
      field.description ?? '',
    ];
    return [`| ${cells.map(cell).join(' | ')} |`, ...rowsOf(field.items ?? field, own)];
  });
}

const fields = (schema: Schema, path: string): readonly string[] => [
  '| field | type | default | limits | meaning |',
  '|---|---|---|---|---|',
  ...rowsOf(schema, path),
  '',
];

function schemaOf(definition: KindDefinition): Schema {
  const { spec } = customResourceDefinition(definition) as {
    readonly spec: {
      readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
    };
  };
  return spec.versions[0]?.schema.openAPIV3Schema ?? {};
}

/** What the API server refuses by expressions, of a schema and of all within it. */
function rulesOf(schema: Schema, path: string): readonly string[] {
  const own = (schema['x-kubernetes-validations'] ?? []).map(({ message }) => `- ${message}.`);
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    rulesOf(property, `${path}.${name}`).map((rule) =>
      path === 'spec' ? rule.replace('- ', `- ${path}.${name}: `) : rule,
    ),
  );
  return [...own, ...inner];
}

function kindSection(definition: KindDefinition): readonly string[] {
  const { kind, plural, shortNames, scope, description, selectableFields, columns } = definition;
  const { spec = {}, status } = schemaOf(definition).properties ?? {};
  const rules = rulesOf(spec, 'spec');
  return [
    `## ${kind}`,
    '',
    description,
    '',
    `${scope === 'Cluster' ? 'Cluster-scoped' : 'Namespaced'}. \`kubectl get ${plural}\`, short ${shortNames.map(code).join(', ')}; category \`sekisho\`.`,
    `Columns: ${columns.map(({ name, wide }) => (wide ? `${name} (wide)` : name)).join(', ')}.`,
    ...(selectableFields.length > 0
      ? [`\`--field-selector\` takes ${selectableFields.map((path) => code(path.slice(1))).join(', ')}.`]
      : []),
    '',
    ...(rules.length > 0 ? [...rules, ''] : []),
    ...fields(spec, 'spec'),
    ...(status ? ['Status, written by Sekisho alone:', '', ...fields(status, 'status')] : []),
  ];
}

function conditionSection(): readonly string[] {
  return CONDITIONS.flatMap(({ type, meaning, reasons }) => [
    `### ${type}`,
    '',
    meaning,
    '',
    '| reason | sentence |',
    '|---|---|',
    ...Object.entries(reasons).map(([reason, sentence]) => `| ${code(reason)} | ${cell(sentence)} |`),
    '',
  ]);
}

/** A sentence with the names of its parameters in the places of their values. */
function sentenceWithNames(say: (...params: readonly string[]) => string): string {
  const names = /^\(?([^)=]*)/.exec(say.toString())?.[1] ?? '';
  const params = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return say(...params.map((name) => `<${/^\w+/.exec(name)?.[0] ?? name}>`));
}

function reasonSection(): readonly string[] {
  return Object.entries(REASONS).map(([reason, { en }]) => {
    const sentence = sentenceWithNames(en as (...params: readonly string[]) => string);
    return `| ${code(reason)} | ${cell(sentence).replaceAll('<', '&lt;')} |`;
  });
}

function resultSection(): readonly string[] {
  const sentences = CONDITIONS.find(({ type }) => type === 'Succeeded')?.reasons ?? {};
  return resultReason.options.map((reason) => `| ${code(reason)} | ${cell(sentences[reason] ?? '')} |`);
}

/** The whole document. */
export const apiDocument = (): string =>
  [
    `# API reference: ${API_VERSION}`,
    '',
    '<!-- Generated from src/api and src/core by `npm run generate`. Do not edit. -->',
    '',
    '`kubectl explain cer.spec` says the same in a terminal. How the parts work together: [architecture](architecture.md).',
    '',
    ...KINDS.flatMap(kindSection),
    '## Conditions of a CodeExecutionRequest',
    '',
    '`Succeeded` is the one to wait for: Unknown while the request goes on, then True or False for good. A condition that does',
    'not apply yet is absent.',
    '',
    ...conditionSection(),
    '## Reasons of a verdict',
    '',
    '`status.verdict.reasons` holds all that apply. What stands in angle brackets is filled in. The same sentences exist in',
    'Japanese (`spec.locale: ja`).',
    '',
    '| reason | sentence |',
    '|---|---|',
    ...reasonSection(),
    '',
    '## Reasons of a result',
    '',
    '`status.result.reason`, once a run was begun.',
    '',
    '| reason | meaning |',
    '|---|---|',
    ...resultSection(),
    '',
  ].join('\n');

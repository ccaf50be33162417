import { parsePlugin, parseRole } from '../../../src/api/parse.ts';
import type { ExecutionRole, Metadata, Parsed, Plugin } from '../../../src/api/parse.ts';

export function must<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}

const metadataOf = (given: Partial<Metadata>): Metadata => ({
  name: 'calendar',
  uid: 'plugin-uid',
  generation: 1,
  creationTimestamp: '2026-11-23T11:59:00Z',
  ...given,
});

/** An operation as it is written, with what every operation needs. */
export const anOperation = (given: object = {}) => ({
  name: 'read_events',
  action: 'read_calendar',
  http: { method: 'POST', path: '/events' },
  input: { type: 'object', properties: { days: { type: 'integer', minimum: 1 }, note: { type: 'string' } } },
  output: { type: 'object' },
  ...given,
});

export interface PluginParts {
  readonly url?: string;
  readonly upstream?: object;
  readonly operations?: readonly object[];
  readonly metadata?: Partial<Metadata>;
}

export const aPlugin = ({ url, upstream, operations, metadata = {} }: PluginParts = {}): Plugin =>
  must(
    parsePlugin({
      metadata: metadataOf(metadata),
      spec: {
        upstream: { url: url ?? 'https://calendar.example.com', ...upstream },
        operations: operations ?? [anOperation()],
      },
    }),
  );

/** A role that lists every operation of these plugins and allows every action. */
export const aRoleFor = (plugins: readonly Plugin[]): ExecutionRole =>
  must(
    parseRole({
      metadata: metadataOf({ name: 'user', uid: 'role-uid' }),
      spec: {
        allowedActions: [
          ...new Set(plugins.flatMap(({ spec }) => spec.operations.map(({ action }) => action))),
        ],
        plugins: plugins.map(({ metadata, spec }) => ({
          name: metadata.name,
          operations: spec.operations.map(({ name }) => name),
        })),
      },
    }),
  );

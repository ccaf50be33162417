import { readdirSync, readFileSync } from 'node:fs';
import * as yaml from 'js-yaml';
import { z } from 'zod';
import type { RequestSpec, RequestStatus } from '../../src/api/v1alpha1/code-execution-request.ts';

export const EXPECT = 'sekisho.dev/expect';

/** A request as the API server gives it, as far as the demo reads it. */
export interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: RequestSpec;
  readonly status?: RequestStatus;
}

const documentOf = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
});

/** A request of examples/ and how it shall end. */
export interface Example {
  readonly path: string;
  readonly name: string;
  readonly expect: string;
}

/** The requests in the YAML files of a folder, by file name. */
export function examplesIn(folder: string): readonly Example[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.sort().flatMap((file) =>
    yaml.loadAll(readFileSync(`${folder}/${file}`, 'utf8')).flatMap((document) => {
      const { kind, metadata } = documentOf.parse(document);
      if (kind !== 'CodeExecutionRequest') return [];
      const expect = metadata.annotations?.[EXPECT];
      if (expect === undefined)
        throw new Error(`${folder}/${file}: ${metadata.name} has no annotation ${EXPECT}`);
      return [{ path: `${folder}/${file}`, name: metadata.name, expect }];
    }),
  );
}

/** A wrong request: its file, and the words of the refusal that its first line promises. */
export interface Refusal {
  readonly path: string;
  readonly words: string;
}

export function refusalsIn(folder: string): readonly Refusal[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.sort().map((file) => {
    const path = `${folder}/${file}`;
    const first = readFileSync(path, 'utf8').split('\n')[0] ?? '';
    if (!first.startsWith('# '))
      throw new Error(`${path}: the first line must be a comment with the expected words`);
    return { path, words: first.slice(2) };
  });
}

const FINAL: ReadonlySet<string> = new Set([
  'Succeeded',
  'Failed',
  'Denied',
  'Cancelled',
  'AwaitingApproval',
]);

export const isFinal = (request: Stored | undefined): boolean => FINAL.has(request?.status?.state ?? '');

/** Everything that the part after the slash of an expectation may name: rules, reasons, how the run ended. */
function details({ verdict, result }: RequestStatus): readonly string[] {
  const rules = (verdict?.findings ?? []).map(({ rule }) => rule);
  const reasons = (verdict?.reasons ?? []).map(({ reason }) => reason);
  return [...rules, ...reasons, ...(result ? [result.reason] : [])];
}

/** Whether a request ended as its example says: "State" or "State/Detail". */
export function isAsExpected(expect: string, request: Stored | undefined): boolean {
  const [state, detail] = expect.split('/');
  const status = request?.status;
  return (
    status !== undefined &&
    status.state === state &&
    (detail === undefined || details(status).includes(detail))
  );
}

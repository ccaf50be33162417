import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export interface Call {
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

interface Line {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { resource?: string; subresource?: string; namespace?: string; name?: string };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

export const endOf = async (path: string): Promise<number> => (await stat(path)).size;

/** The calls of a user that the audit log tells from a position on. */
export async function callsOf(username: string, path: string, start: number): Promise<readonly Call[]> {
  const calls: Call[] = [];
  for await (const text of createInterface({ input: createReadStream(path, { start }) })) {
    if (!text.includes(username)) continue;
    const line: Line = JSON.parse(text);
    if (line.user.username !== username) continue;
    const { resource = '', subresource, namespace = '', name = '' } = line.objectRef ?? {};
    calls.push({
      verb: line.verb,
      resource: subresource ? `${resource}/${subresource}` : resource,
      namespace,
      name,
      from: Date.parse(line.requestReceivedTimestamp),
      to: Date.parse(line.stageTimestamp),
    });
  }
  return calls;
}

type Kind = 'write' | 'read' | 'event' | 'review' | 'probe' | 'audit' | 'relist' | 'other';

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
const READS = new Set(['get', 'list']);

/** `isForeign`: of a request that is not ours, since others may use the cluster meanwhile. */
export function kindOf(call: Call, isForeign: (call: Call) => boolean): Kind {
  const { verb, resource, name } = call;
  if (verb === 'watch' || resource === 'leases' || isForeign(call)) return 'other';
  if (resource === 'events') return 'event';
  if (resource.endsWith('accessreviews')) return 'review';
  if (name.startsWith('probe-')) return 'probe';
  // The audit log is saved by the clock, whatever the number of requests.
  if (name.startsWith('sekisho-audit-')) return 'audit';
  if (WRITES.has(verb)) return 'write';
  // An informer's list, once in a quarter of an hour for each resource, whatever the number of requests. One informer follows a single object.
  if (verb === 'list' && (name === '' || resource === 'mutatingwebhookconfigurations')) return 'relist';
  return READS.has(verb) ? 'read' : 'other';
}

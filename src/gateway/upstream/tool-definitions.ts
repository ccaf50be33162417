import type { Client, StandardSchemaV1 } from '@modelcontextprotocol/client';
import { digestOf } from '../../core/verdict/digest.ts';
import { UpstreamFailure } from './failure.ts';

/** A result as the server gave it: what a schema of the SDK would drop is part of what was accepted. */
export const AS_GIVEN: StandardSchemaV1<unknown, unknown> = {
  '~standard': { version: 1, vendor: 'sekisho', validate: (value) => ({ value }) },
};

const MAX_PAGES = 16;
const MAX_TOOLS = 512;

/** What a Plugin pins of a tool: sha256 over the canonical JSON of its definition as the server lists it. */
export const toolDefinitionDigest = (tool: unknown): string => digestOf(tool);

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

async function listPage(client: Client, cursor: string | undefined, signal: AbortSignal) {
  const params = cursor === undefined ? {} : { cursor };
  const page: unknown = await client.request({ method: 'tools/list', params }, AS_GIVEN, { signal });
  const tools = member(page, 'tools');
  const next = member(page, 'nextCursor');
  if (!Array.isArray(tools)) throw new UpstreamFailure('OutputInvalid', 'Its list of tools is none.');
  return {
    tools: tools as readonly unknown[],
    next: typeof next === 'string' && next !== '' ? next : undefined,
  };
}

/** The digest of each tool that a server lists, by name. A name that stands twice has none. */
export async function listToolDigests(
  client: Client,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string | undefined>> {
  const digests = new Map<string, string | undefined>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { tools, next } = await listPage(client, cursor, signal);
    for (const tool of tools) {
      const name = member(tool, 'name');
      if (typeof name === 'string')
        digests.set(name, digests.has(name) ? undefined : toolDefinitionDigest(tool));
    }
    if (digests.size > MAX_TOOLS) break;
    if (next === undefined) return digests;
    cursor = next;
  }
  throw new UpstreamFailure('OutputTooLarge', 'Its list of tools does not end.');
}

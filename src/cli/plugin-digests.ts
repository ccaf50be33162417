import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { listToolDigests } from '../gateway/upstream/tool-definitions.ts';
import type { Output } from './output.ts';
import { UsageError } from './usage.ts';

/** How long a server may take to list its tools. */
const LIST_MILLISECONDS = 15_000;

export interface DigestOrder {
  readonly command: 'plugin digest';
  /** Endpoint of the MCP server. */
  readonly url: string;
}

const because = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function endpointOf(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`"${text}" is no URL of an MCP server. Write it as https://tools.example.com/mcp.`);
}

/** Prints the digest of each tool's definition, as a Plugin pins it. Read the definitions before you accept them. */
export async function printDigests({ url }: DigestOrder, output: Output): Promise<number> {
  const client = new Client({ name: 'sekisho', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  try {
    await client.connect(new StreamableHTTPClientTransport(endpointOf(url)));
    const digests = await listToolDigests(client, AbortSignal.timeout(LIST_MILLISECONDS));
    const width = Math.max(0, ...[...digests.keys()].map((name) => name.length));
    for (const [name, digest] of digests)
      await output.write(`${name.padEnd(width)}  ${digest ?? 'listed twice: cannot be pinned'}\n`);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${url} does not list its tools: ${because(error)}`);
  } finally {
    await client.close();
  }
}

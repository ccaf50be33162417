import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { listToolDigests } from './tool-definitions.ts';

export interface ListedTool {
  readonly tool: string;
  readonly definitionDigest: string;
}

const MILLISECONDS = 20_000;

/**
 * What a server lists, with the digests that a Plugin pins, for the command that prints them. Run by a person on their own machine: it goes
 * where they say, redirects excepted.
 */
export async function mcpDefinitions(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly ListedTool[]> {
  const signal = AbortSignal.timeout(MILLISECONDS);
  const client = new Client({ name: 'sekisho', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers }, redirect: 'error' },
  });
  try {
    await client.connect(transport, { signal, timeout: MILLISECONDS });
    const digests = await listToolDigests(client, signal);
    return [...digests].flatMap(([tool, definitionDigest]) =>
      definitionDigest === undefined ? [] : [{ tool, definitionDigest }],
    );
  } finally {
    await client.close();
  }
}

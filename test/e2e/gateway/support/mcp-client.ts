/** Lists and calls through the gateway with the TypeScript SDK of the Model Context Protocol; bundled into one file, which the test sends. */
import { readFileSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const token = readFileSync(process.env['SEKISHO_TOKEN_FILE'] ?? '', 'utf8').trim();
const client = new Client({ name: 'sandbox', version: '1' });
await client.connect(
  new StreamableHTTPClientTransport(new URL(`${process.env['SEKISHO_GATEWAY'] ?? ''}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  }),
);
const { tools } = await client.listTools();
console.log(JSON.stringify(tools.map(({ name }) => name).toSorted()));
for (const name of process.argv.slice(2)) {
  const { isError, content } = await client.callTool({ name, arguments: {} });
  const [first] = content;
  console.log(name, isError ? 'refused' : 'answered', first?.type === 'text' ? first.text : '');
}
await client.close();

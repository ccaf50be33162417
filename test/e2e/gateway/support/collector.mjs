/** A receiver of OTLP over HTTP, run in a pod as it stands: it keeps what comes, and shows it to the test. */
import { createServer } from 'node:http';

/** So many bytes are kept at most. */
const MAX_BYTES = 32_000_000;
const kept = [];
let bytes = 0;

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

createServer(async (request, response) => {
  if (request.url === '/test/exports') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(kept));
    return;
  }
  const body = await bodyOf(request);
  bytes += body.length;
  if (bytes <= MAX_BYTES)
    kept.push({
      url: request.url,
      apiKey: request.headers['api-key'] ?? '',
      body: body.toString('base64'),
    });
  response.writeHead(200, { 'content-type': 'application/x-protobuf' });
  response.end();
}).listen(4318);

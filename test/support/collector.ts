import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { spansIn } from './otlp.ts';
import type { ReceivedSpan } from './otlp.ts';

export interface Export {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A receiver of traces on loopback. */
export interface Collector {
  /** As OTEL_EXPORTER_OTLP_ENDPOINT names it. */
  readonly endpoint: string;
  readonly exports: readonly Export[];
  readonly spans: () => readonly ReceivedSpan[];
  readonly close: () => Promise<void>;
}

const take = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
};

/** Takes what is sent, over a real socket; `answer` says how it answers. */
export async function aCollector(
  answer: (response: ServerResponse, nth: number) => void = take,
): Promise<Collector> {
  const exports: Export[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      const bytes = Buffer.concat(chunks);
      const body = headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      exports.push({ url, headers, body });
      answer(response, exports.length);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    exports,
    spans: () => exports.flatMap(({ body }) => spansIn(body)),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

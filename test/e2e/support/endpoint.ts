import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { must } from './kubectl.ts';

/** What a webhook is asked, as far as an answer needs it. */
export interface Review {
  readonly request: { readonly uid: string; readonly userInfo: object };
}
export type Answerer = (review: Review, response: ServerResponse) => void;

/** An HTTPS server of a test's own that the API server can call by `url`. */
export interface Endpoint {
  readonly url: string;
  /** PEM, in base64, as a caBundle wants it. */
  readonly caBundle: string;
  readonly calls: () => number;
  answer: Answerer;
  readonly close: () => Promise<void>;
}

/** The end of the link between this machine and the cluster's own network. */
export async function hostAddress(): Promise<string> {
  const server = await must(['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}']);
  const [, prefix = ''] = /^https:\/\/(\d+\.\d+\.\d+)\.\d+:/.exec(server) ?? [];
  return `${prefix}.1`;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export async function certificateFor(host: string) {
  const { generate } = await import('selfsigned');
  return generate([{ name: 'commonName', value: `promise-${Date.now()}` }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: host }] },
    ],
  });
}

/** Listens on an address of this machine. */
export async function startEndpoint(host: string): Promise<Endpoint> {
  const { cert, private: key } = await certificateFor(host);
  let calls = 0;
  const server = createServer({ cert, key }, (request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      calls += 1;
      endpoint.answer(JSON.parse(body) as Review, response);
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  const endpoint: Endpoint = {
    url: `https://${host}:${(server.address() as AddressInfo).port}/admit`,
    caBundle: Buffer.from(cert).toString('base64'),
    calls: () => calls,
    answer: (_review, response) => response.end(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return endpoint;
}

import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { createApp } from '../../src/console/app.ts';
import type { PageFiles } from '../../src/console/page-files.ts';
import { startServer } from '../../src/console/server.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { withoutCredentials } from '../../src/kube/connection.ts';
import { createTransport, speakingFor } from '../../src/kube/transport.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { startTokensApi } from './tokens-api.ts';

const FILES: PageFiles = new Map([
  ['/', { type: 'text/html; charset=utf-8', body: Buffer.from('<!doctype html>'), isHashed: false }],
  ['/main-ABCDEFGH.js', { type: 'text/javascript; charset=utf-8', body: Buffer.from(';'), isHashed: true }],
]);

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

/** Calls a port as it is told to: `fetch` would add headers of its own. */
export const callPort = (port: number, { method = 'GET', path, headers = {}, body = '' }: Call) =>
  new Promise<Answer>((done, fail) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, agent: false, headers: given },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('error', fail);
        response.on('end', () => {
          const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
          const json: unknown = isJson ? JSON.parse(text) : undefined;
          done({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      },
    );
    request.on('error', fail);
    request.end(body);
  });

export const signedIn = (token = 'good') => ({
  authorization: `Bearer ${token}`,
  'sec-fetch-site': 'same-origin',
});

/** A console on a port of its own, and the API server behind it. */
export async function startConsole() {
  const api = await startTokensApi({ good: 'bob', better: 'carol' });
  const logger = recordingLogger();
  let now = 0;
  const transport = createTransport({ connection: withoutCredentials(api.connection) });
  const app = createApp({
    files: FILES,
    clientFor: (authorization) => createKubeClient(speakingFor(transport, authorization)),
    logger,
    now: () => now,
  });
  const server = await startServer({ port: 0, host: '127.0.0.1', answer: app });
  return {
    ...{ api, logger, port: server.port },
    call: (call: Call) => callPort(server.port, call),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    async close() {
      await server.close();
      await transport.close();
      await api.close();
    },
  };
}

export type TestConsole = Awaited<ReturnType<typeof startConsole>>;

/** A bare express reverse proxy: what comes in goes to the upstream of argv as it is, and the answer back. */
import { Agent, createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { report } from './reporting.ts';

const port = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true });
const app = express();
app.use((request, response) => {
  const { method, url, headers } = request;
  const forwarded = ask({ agent, host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  request.pipe(forwarded);
});
const server = createServer({ keepAliveTimeout: 60_000 }, app);
server.listen(0, '127.0.0.1', () => report([(server.address() as AddressInfo).port]));

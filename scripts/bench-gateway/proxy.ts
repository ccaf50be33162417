/**
 * A bare express reverse proxy: what comes in goes to an upstream as it is, and the answer back. argv: the port of the fast upstream, then
 * those of the slow ones, each for the paths of its own plugin.
 */
import { Agent, createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { report } from './reporting.ts';

const [fast = 0, ...slow] = process.argv.slice(2).map(Number);
const portFor = (url: string): number => {
  const [, nth] = /^\/v1\/plugins\/slow-(\d+)\//.exec(url) ?? [];
  return (nth === undefined ? fast : slow[Number(nth)]) ?? fast;
};
const agent = new Agent({ keepAlive: true });
const app = express();
app.use((request, response) => {
  const { method, url, headers } = request;
  const to = { agent, host: '127.0.0.1', port: portFor(url), method, path: url, headers };
  const forwarded = ask(to, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.on('error', () => response.destroy());
  request.pipe(forwarded);
});
const server = createServer({ keepAliveTimeout: 60_000 }, app);
server.listen(0, '127.0.0.1', () => report([(server.address() as AddressInfo).port]));

import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface RawUpstream {
  readonly url: string;
  readonly port: number;
  /** Connections that were made. */
  readonly connections: () => number;
  /** Heads of requests that came in. */
  readonly heard: () => number;
  readonly close: () => Promise<void>;
}

/** A listener on loopback that answers each request with bytes of the test's choice. */
export async function aRawUpstream(answer: (socket: Socket, nth: number) => void): Promise<RawUpstream> {
  let connections = 0;
  let heard = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      if (!data.includes('HTTP/1.1')) return;
      heard += 1;
      answer(socket, heard);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections: () => connections,
    heard: () => heard,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

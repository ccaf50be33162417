import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Something on this machine that listens, outside of the cluster and of every policy in it. */
export interface HostListener {
  readonly port: number;
  /** Who has come since it began, or since `forget`. */
  readonly knocks: () => number;
  readonly forget: () => void;
  readonly close: () => void;
}

/** Listens on this machine's end of the link to the node, over TCP and UDP on one port, and counts who comes. */
export async function listenOnHost(host: string): Promise<HostListener> {
  let knocks = 0;
  const server = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const udp = createSocket('udp4', (_message, from) => {
    knocks += 1;
    udp.send('here', from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    udp.bind(port, host, resolve);
  });
  return {
    port,
    knocks: () => knocks,
    forget: () => {
      knocks = 0;
    },
    close: () => {
      server.close();
      udp.close();
    },
  };
}

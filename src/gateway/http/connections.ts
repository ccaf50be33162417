import type { Socket } from 'node:net';

/** An IPv4 address the same way on sockets of both families. */
export const plainAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/i, '');

/** Counts connections by the address at their other end, so that one pod cannot take the places of all. */
export class Connections {
  private readonly open = new Map<string, number>();
  private readonly perAddress: number;

  constructor(perAddress: number) {
    this.perAddress = perAddress;
  }

  /** Takes a place for a socket until it closes; false: there is none left, and the socket was destroyed. */
  admit(socket: Socket): boolean {
    const address = plainAddress(socket.remoteAddress);
    const count = this.open.get(address) ?? 0;
    if (count >= this.perAddress) {
      socket.destroy();
      return false;
    }
    this.open.set(address, count + 1);
    socket.once('close', () => this.leave(address));
    return true;
  }

  private leave(address: string): void {
    const left = (this.open.get(address) ?? 1) - 1;
    if (left > 0) this.open.set(address, left);
    else this.open.delete(address);
  }
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({
  events: Array.from({ length: 20 }, (_, n) => ({
    id: `3f2a9a6e-0d1f-4b7e-9a55-5f9f6f0c${String(n).padStart(4, '0')}`,
    title: `Weekly planning of team ${n}, with minutes in the usual place`,
    start: '2026-11-24T10:00:00Z',
    end: '2026-11-24T11:00:00Z',
    location: '会議室 3',
    attendees: ['Anna', 'Ben', 'Chiyo'],
  })),
});

/** Opens a small real upstream on a port of its own: twenty events as JSON, after some time. Answers the port. */
export function serveEvents(milliseconds: number): Promise<number> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const answer = (): void => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(ANSWER),
      });
      response.end(ANSWER);
    };
    request.resume().on('end', () => {
      if (milliseconds === 0) answer();
      else setTimeout(answer, milliseconds);
    });
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
}

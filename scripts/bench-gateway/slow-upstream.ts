/** So many upstreams that take their time, in a process of their own. argv: number, milliseconds. */
import { serveEvents } from './events.ts';
import { report } from './reporting.ts';

const [number = '0', milliseconds = '0'] = process.argv.slice(2);
report(await Promise.all(Array.from({ length: Number(number) }, () => serveEvents(Number(milliseconds)))));

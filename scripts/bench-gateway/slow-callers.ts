/**
 * Callers of the slow upstreams, in a process of their own, so that they delay nobody whose time is taken. Each keeps a call open all the
 * time. `together`: all answers come in the same moment, every two seconds; `spread`: they come evenly. argv: port,
 * number, milliseconds of an answer, which.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { post } from './call.ts';
import { report } from './reporting.ts';

const [port = '0', number = '0', milliseconds = '0', which = 'spread'] = process.argv.slice(2);
const count = Number(number);
const time = Number(milliseconds);
const pool = new Pool(`http://127.0.0.1:${port}`, { connections: count });

const call = (nth: number): Promise<void> =>
  post(pool, `/v1/plugins/slow-${nth}/operations/read_events`, `slow-${nth}.0`);

async function callForEver(nth: number): Promise<void> {
  if (which === 'spread') await pause((time * nth) / count);
  for (;;) await call(nth);
}

const all = Array.from({ length: count }, (_, nth) => nth);
// Schemas are compiled at the first call of a plugin, some milliseconds each: that is no matter of slow upstreams.
await Promise.all(all.map(call));
for (const nth of all) void callForEver(nth);
await pause(time);
report([]);

/** `node calendar-adapter.mjs` serves; `node calendar-adapter.mjs fill` fills the calendar server with examples and ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fill } from './seed.ts';
import { adapter } from './server.ts';
import { settingsOf } from './settings.ts';
import { storeAt } from './store.ts';

const FILL_TRIES = 60;
/** For what is being answered when it is told to end. */
const GRACE_MILLISECONDS = 2000;

const log = (line: string): void => console.log(`calendar-adapter: ${line}`);
const settings = settingsOf(process.env);

/** The calendar server may still be starting. */
async function fillPatiently(): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      await fill(storeAt(settings.dav), new Date());
      return log('filled');
    } catch (error) {
      if (tried === FILL_TRIES) throw error;
      await sleep(1000);
    }
  }
}

function serve(): void {
  const server = adapter({
    store: storeAt(settings.dav),
    token: settings.token,
    now: () => new Date(),
    log,
  });
  server.listen(settings.port, () => log(`listening on ${JSON.stringify(server.address())}`));
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      server.close(() => process.exit(0));
      setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS).unref();
    });
}

if (process.argv[2] === 'fill') await fillPatiently();
else serve();

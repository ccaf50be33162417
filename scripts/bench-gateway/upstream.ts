/** The fast upstream, alone in its process. */
import { serveEvents } from './events.ts';
import { report } from './reporting.ts';

report([await serveEvents(0)]);

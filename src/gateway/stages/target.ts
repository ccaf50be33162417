import type { Authenticated, Targeted } from '../call.ts';
import { go, refuse } from './stage.ts';
import type { Stage } from './stage.ts';

/**
 * The call is for one operation, named in the one way there is. It was read before anything else, and by a pure function; that it could
 * not be is said only here, where it is known whose call it was, so that it goes on record under that name.
 */
export const target: Stage<Authenticated, Targeted> = {
  name: 'target',
  run(call) {
    const { sought } = call;
    if (sought.kind !== 'Operation') return refuse(sought.code, sought.detail);
    return go({ ...call, plugin: sought.plugin, operation: sought.operation });
  },
};

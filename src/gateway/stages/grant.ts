import { grantedOperation } from '../../core/plugins/grants.ts';
import type { Granted, Targeted } from '../call.ts';
import { go, refuse } from './stage.ts';
import type { Stage } from './stage.ts';

/** The operation was granted to this request and still is. What does not exist and what is not granted look the same. */
export const grant: Stage<Targeted, Granted> = {
  name: 'grant',
  run(call, { ports }) {
    const plugin = ports.plugin(call.plugin);
    if (!plugin || plugin.metadata.name !== call.plugin) return refuse('NotGranted');
    const { grants, role } = call.caller;
    const operation = grantedOperation(grants, { plugin, role, operation: call.operation });
    return operation ? go({ ...call, granted: { plugin, operation } }) : refuse('NotGranted');
  },
};

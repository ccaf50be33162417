import type { Plugin } from '../api/parse.ts';
import type { Operation } from '../api/v1alpha1/plugin.ts';
import { grantedOperation } from '../core/plugins/grants.ts';
import type { Caller, GatewayPorts } from './contract.ts';
import { closed } from './schemas/closed.ts';

export interface GrantedPlugin {
  readonly plugin: Plugin;
  readonly operations: readonly Operation[];
}

/** Exactly what a caller could call now: the same question that each call asks. */
export const grantedList = (caller: Caller, ports: Pick<GatewayPorts, 'plugin'>): readonly GrantedPlugin[] =>
  caller.grants.flatMap(({ name, operations: names }) => {
    const plugin = ports.plugin(name);
    if (!plugin) return [];
    const { grants, role } = caller;
    const operations = names.flatMap(
      (operation) => grantedOperation(grants, { plugin, role, operation }) ?? [],
    );
    return operations.length === 0 ? [] : [{ plugin, operations }];
  });

/** The list as it is shown to programs. */
export const shownList = (list: readonly GrantedPlugin[]): object => ({
  plugins: list.map(({ plugin: { metadata, spec }, operations }) => ({
    name: metadata.name,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    operations: operations.map(({ name, description, risk, input, output }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      risk,
      input: closed(input),
      output,
    })),
  })),
});

import type { Asked, Credentials } from './call.ts';
import type { Caller, GatewayPorts } from './contract.ts';
import { grantedList, shownList } from './granted-list.ts';
import type { GrantedPlugin } from './granted-list.ts';
import { ended, runCall } from './run-call.ts';
import type { CallResult } from './run-call.ts';
import { createSchemaCache } from './schemas/index.ts';
import { callerOf } from './stages/authenticate.ts';
import { STAGES } from './stages/index.ts';
import { refuse } from './stages/stage.ts';
import type { Refusal, Stage, Works } from './stages/stage.ts';
import { Tallies } from './tallies.ts';
import { NO_TRACE, harmless } from './trace.ts';
import type { Trace } from './trace.ts';
import type { DialPorts } from './upstream/dial.ts';
import { Upstreams } from './upstream/upstreams.ts';
import type { UpstreamLimits } from './upstream/upstreams.ts';
import type { Watch } from './watch.ts';

export interface GatewayOptions {
  readonly ports: GatewayPorts;
  readonly watch: Watch;
  /** Who follows single calls; nobody where this is left out. */
  readonly trace?: Trace | undefined;
  /** For tests and benches whose upstreams are on this machine; the product has the one of `dial.ts`. */
  readonly dial?: DialPorts | undefined;
  readonly limits?: UpstreamLimits | undefined;
  /** For tests that take one away. */
  readonly stages?: readonly Stage<never, never>[] | undefined;
}

export type ListResult =
  | {
      readonly kind: 'List';
      readonly list: object;
      readonly caller: Caller;
      readonly granted: readonly GrantedPlugin[];
    }
  | Refusal;

/** Calls and lists, whichever way they came in. */
export interface Gateway {
  readonly call: (asked: Omit<Asked, 'startedAt'>) => Promise<CallResult>;
  readonly list: (credentials: Credentials) => Promise<ListResult>;
  /** Something came in that is no HTTP, and was refused for that: nobody knows more of it than where it came from. */
  readonly unparsed: (address: string) => void;
  readonly close: () => Promise<void>;
}

export function createGateway({
  ports,
  watch,
  trace: follower,
  dial,
  limits,
  stages = STAGES,
}: GatewayOptions): Gateway {
  const upstreams = new Upstreams({ dial, limits, now: () => performance.now() });
  const works: Works = { ports, schemas: createSchemaCache(), upstreams, tallies: new Tallies() };
  const trace = follower ? harmless(follower, watch.logger) : NO_TRACE;
  const list = async (credentials: Credentials): Promise<ListResult> => {
    const known = await callerOf(credentials, works);
    if (known.kind === 'Refuse') return known;
    const granted = grantedList(known.caller, ports);
    return { kind: 'List', list: shownList(granted), caller: known.caller, granted };
  };
  const answered = async (credentials: Credentials): Promise<ListResult> => {
    try {
      return await list(credentials);
    } catch (error) {
      watch.logger.error({ err: error }, 'what a caller may call could not be told');
      return refuse('Unavailable');
    }
  };
  return {
    call: (asked) => runCall({ ...asked, startedAt: ports.now() }, stages, { works, watch, trace }),
    list: async (credentials) => {
      const startedAt = ports.now();
      const result = await answered(credentials);
      if (result.kind === 'Refuse') ended({ ...credentials, startedAt }, result, { works, watch });
      return result;
    },
    unparsed: (address) =>
      ended({ token: undefined, address, startedAt: ports.now() }, refuse('BadRequest'), { works, watch }),
    close: () => upstreams.close(),
  };
}

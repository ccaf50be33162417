import type { PluginCalls } from '../api/v1alpha1/code-execution-request.ts';
import { API_VERSION } from '../api/v1alpha1/group.ts';
import type { CallEvent, Caller } from '../gateway/contract.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKube } from '../kube/errors.ts';
import { CODE_EXECUTION_REQUESTS } from '../kube/resources.ts';

export interface CallCountsPorts {
  readonly client: Pick<KubeClient, 'applyStatus'>;
  readonly logger: { readonly warn: (fields: object, message: string) => void };
  /** Name of this gateway, under which it counts. */
  readonly gateway: string;
}

interface Counted {
  readonly request: Caller['request'];
  readonly calls: Map<string, PluginCalls>;
  changed: boolean;
}

/** Requests that are counted at one time; beyond it the oldest is told and let go. */
const MAX_REQUESTS = 5000;

/**
 * Counts the calls of each request and tells them in status every few seconds, each gateway its own: so many calls cost one write. Only
 * operations that exist are counted, so that no caller makes up entries.
 */
export class CallCounts {
  readonly #ports: CallCountsPorts;
  readonly #requests = new Map<string, Counted>();

  constructor(ports: CallCountsPorts) {
    this.#ports = ports;
  }

  /** `known`: whether plugin and operation were granted to the caller at least once. */
  count({ caller, plugin, operation, outcome, code }: CallEvent, known: boolean): void {
    if (!caller || !known || outcome === 'About' || plugin === undefined || operation === undefined) return;
    const counted = this.#of(caller.request);
    const key = `${plugin}.${operation}`;
    const before = counted.calls.get(key);
    const refused = outcome === 'Refused';
    counted.calls.set(key, {
      ...{ gateway: this.#ports.gateway, plugin, operation },
      allowed: (before?.allowed ?? 0) + (refused ? 0 : 1),
      refused: (before?.refused ?? 0) + (refused ? 1 : 0),
      ...(refused && code
        ? { lastRefusal: code }
        : before?.lastRefusal
          ? { lastRefusal: before.lastRefusal }
          : {}),
    });
    counted.changed = true;
  }

  /** Tells what has changed. What cannot be written is tried again the next time. */
  async flush(): Promise<void> {
    const changed = [...this.#requests.values()].filter((counted) => counted.changed);
    await Promise.all(changed.map((counted) => this.#tell(counted)));
  }

  /** A request whose pod is gone is told a last time and forgotten. */
  forgetAllBut(uids: ReadonlySet<string>): void {
    for (const [uid, counted] of this.#requests)
      if (!uids.has(uid) && !counted.changed) this.#requests.delete(uid);
  }

  #of(request: Caller['request']): Counted {
    const known = this.#requests.get(request.uid);
    if (known) return known;
    if (this.#requests.size >= MAX_REQUESTS) {
      const [oldest] = this.#requests.keys();
      if (oldest !== undefined) this.#requests.delete(oldest);
    }
    const counted: Counted = { request, calls: new Map(), changed: false };
    this.#requests.set(request.uid, counted);
    return counted;
  }

  async #tell(counted: Counted): Promise<void> {
    counted.changed = false;
    const { request, calls } = counted;
    const { gateway } = this.#ports;
    const object = {
      apiVersion: API_VERSION,
      kind: 'CodeExecutionRequest',
      metadata: request,
      status: { pluginCalls: [...calls.values()] },
    };
    try {
      await this.#ports.client.applyStatus(CODE_EXECUTION_REQUESTS, object, {
        fieldManager: `sekisho-${gateway}`.slice(0, 128),
        force: true,
      });
    } catch (err) {
      // Without its request there is nobody to tell.
      if (isKube(err, 'NotFound')) return;
      counted.changed = true;
      this.#ports.logger.warn({ err, request }, 'the calls of a request could not be told in its status');
    }
  }
}

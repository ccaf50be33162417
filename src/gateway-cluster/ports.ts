import { parsePlugin } from '../api/parse.ts';
import type { GatewayPorts } from '../gateway/contract.ts';
import { approverRights } from '../judging/judge-ports.ts';
import { parsedOnce } from '../judging/parsed-once.ts';
import type { KubeClient } from '../kube/client.ts';
import type { InformerMetrics, KubeLogger } from '../kube/ports.ts';
import { REQUEST_UID } from '../objects/labels.ts';
import { authenticate } from './authenticate.ts';
import { approvalOf } from './call-approvals.ts';
import { CallCounts } from './call-counts.ts';
import { credentialsOver } from './credentials.ts';
import { followGateway } from './informers.ts';
import type { GatewayInformers } from './informers.ts';
import { podArrivals } from './pod-arrivals.ts';
import { openRecorder } from './recorder.ts';
import { tokenReviews } from './token-reviews.ts';

export interface ClusterOptions {
  readonly client: KubeClient;
  readonly logger: KubeLogger;
  readonly metrics: InformerMetrics;
  /** Of the gateway. */
  readonly namespace: string;
  readonly sandboxNamespace: string;
  /** Name of this process. */
  readonly identity: string;
  /** Writes one line to the standard output; throws when it cannot. */
  readonly write: (line: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The gateway's ports over a cluster, which they follow until they are closed. */
export interface ClusterPorts extends GatewayPorts {
  readonly synced: () => boolean;
  /** Whether the API server has not been heard for a minute: nobody is let in then. */
  readonly stale: () => boolean;
  /** Tells the last counts, then lets go. */
  readonly close: () => Promise<void>;
}

/** How often counts are told in status. */
const TELL_MILLISECONDS = 2000;

/** Requests that a living pod may still call for. */
const livingOf = ({ pods }: GatewayInformers): ReadonlySet<string> =>
  new Set(pods.list().flatMap(({ metadata }) => metadata?.labels?.[REQUEST_UID] ?? []));

/** Begins to follow the cluster. */
export function clusterPorts(options: ClusterOptions): ClusterPorts {
  const { client, logger, metrics, namespace, sandboxNamespace, identity, now } = options;
  const arrivals = podArrivals();
  const informers = followGateway({ client, logger, metrics, sandboxNamespace, onPod: arrivals.told });
  const all = Object.values(informers);
  const counts = new CallCounts({ client, logger, gateway: identity });
  const readPlugin = parsedOnce(parsePlugin);
  const access = {
    ...{ informers, client, arrivals, sandboxNamespace, now },
    reviewToken: tokenReviews({ client, sandboxNamespace, now }),
  };
  const approvals = { client, approvals: informers.approvals, ...approverRights(client), now };
  const records = openRecorder(options, counts);
  const telling = setInterval(() => {
    records.tell();
    void counts.flush().then(() => counts.forgetAllBut(livingOf(informers)));
  }, TELL_MILLISECONDS);
  return {
    authenticate: (token, address) => authenticate(token, address, access),
    plugin: (name) => {
      const found = informers.plugins.get(name);
      return found && readPlugin(found);
    },
    credential: credentialsOver({ client, namespace, now }),
    approval: (call) => approvalOf(call, approvals),
    record: records.record,
    now,
    synced: () => all.every((informer) => informer.synced()),
    stale: () => all.some((informer) => informer.stale(now())),
    close: async () => {
      clearInterval(telling);
      records.tell(true);
      await counts.flush();
      await Promise.all(all.map((informer) => informer.stop()));
    },
  };
}

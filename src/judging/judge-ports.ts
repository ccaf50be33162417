import type { Requester } from '../api/v1alpha1/code-execution-request.ts';
import { GROUP } from '../api/v1alpha1/group.ts';
import { createAccessReviewer } from '../kube/access-review.ts';
import type { KubeClient } from '../kube/client.ts';
import type { JudgePorts } from './judge-request.ts';

/** An answer of RBAC counts so long. Each process that judges asks for itself, the controller right before anything runs. */
const ACCESS_MILLISECONDS = 5000;

export interface JudgeSources<Facts> {
  readonly client: Pick<KubeClient, 'create'>;
  readonly facts: Facts;
  readonly analyser: Pick<JudgePorts, 'analyse'>;
  readonly metrics: { analysed(seconds: number): void };
}

/** What every process judges with: RBAC's answer by SubjectAccessReview, and the analysis with its time told. */
export function judgePortsOver<Facts extends JudgePorts['facts']>({
  client,
  facts,
  analyser,
  metrics,
}: JudgeSources<Facts>): JudgePorts & { readonly facts: Facts } {
  const reviewer = createAccessReviewer({ client, cacheMilliseconds: ACCESS_MILLISECONDS });
  return {
    facts,
    async holdsRole({ username = '', groups, uid, extra }: Requester, name) {
      const question = { verb: 'use', group: GROUP, resource: 'executionroles', name };
      return (await reviewer.review({ username, groups, uid, extra }, question)).allowed;
    },
    async analyse(source, wanted) {
      const before = performance.now();
      const report = await analyser.analyse(source, wanted);
      metrics.analysed((performance.now() - before) / 1000);
      return report;
    },
  };
}

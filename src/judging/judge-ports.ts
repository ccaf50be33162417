import type { Identity } from '../api/v1alpha1/identity.ts';
import { GROUP } from '../api/v1alpha1/group.ts';
import { createAccessReviewer } from '../kube/access-review.ts';
import type { AccessRequest, AccessReviewer } from '../kube/access-review.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ApproverRights, JudgePorts } from './judge-request.ts';

/** An answer of RBAC counts so long. Each process that judges asks for itself, the controller right before anything runs. */
const ACCESS_MILLISECONDS = 5000;

export interface JudgeSources<Facts> {
  readonly client: Pick<KubeClient, 'create'>;
  readonly facts: Facts;
  readonly analyser: Pick<JudgePorts, 'analyse'>;
  readonly metrics: { analysed(seconds: number): void };
}

type Question = Pick<AccessRequest, 'verb' | 'resource' | 'name'>;

const may = async (reviewer: AccessReviewer, who: Identity, question: Question): Promise<boolean> => {
  const { username = '', groups, uid, extra } = who;
  return (await reviewer.review({ username, groups, uid, extra }, { group: GROUP, ...question })).allowed;
};

const aboutRole = (verb: string, name: string): Question => ({ verb, resource: 'executionroles', name });

/** Who may approve, or break the glass, asked of RBAC anew each time. */
export function approverRights(client: Pick<KubeClient, 'create'>): ApproverRights {
  const uncached = createAccessReviewer({ client, cacheMilliseconds: 0 });
  return {
    mayApprove: (approver, name) => may(uncached, approver, aboutRole('approve', name)),
    mayBreakGlass: (person, name) => may(uncached, person, aboutRole('break-glass', name)),
  };
}

/** What every process judges with: RBAC's answer by SubjectAccessReview, and the analysis with its time told. */
export function judgePortsOver<Facts extends JudgePorts['facts']>({
  client,
  facts,
  analyser,
  metrics,
}: JudgeSources<Facts>): JudgePorts & ApproverRights & { readonly facts: Facts } {
  const cached = createAccessReviewer({ client, cacheMilliseconds: ACCESS_MILLISECONDS });
  return {
    ...approverRights(client),
    facts,
    holdsRole: (requester, name) => may(cached, requester, aboutRole('use', name)),
    mayActFor: (requester, kind, name) => may(cached, requester, { verb: 'act-for', resource: kind, name }),
    async analyse(source, wanted) {
      const before = performance.now();
      const report = await analyser.analyse(source, wanted);
      metrics.analysed((performance.now() - before) / 1000);
      return report;
    },
  };
}

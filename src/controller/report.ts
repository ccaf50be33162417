import type { CodeExecutionRequest } from '../api/parse.ts';
import type { RequestStatus } from '../api/v1alpha1/code-execution-request.ts';
import { API_VERSION } from '../api/v1alpha1/group.ts';
import type { Facts } from '../core/conditions/condition.ts';
import { noticeOf } from '../core/notice/notice.ts';
import type { Notice } from '../core/notice/notice.ts';
import { everSmaller } from '../core/smaller-status.ts';
import { statusOf } from '../core/status.ts';
import { canonicalJson } from '../core/verdict/digest.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKube } from '../kube/errors.ts';
import { CODE_EXECUTION_REQUESTS } from '../kube/resources.ts';
import { MANAGER } from '../objects/labels.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface ReportPorts {
  readonly client: Pick<KubeClient, 'applyStatus'>;
  readonly events: EventRecorder;
  readonly metrics: Pick<Metrics, 'decided' | 'found' | 'glassBroken' | 'ran'>;
  /** Tells people elsewhere; never throws, never waits. */
  readonly notify: (notice: Notice) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const RFC3339_SECONDS = 19;
/** Longest time in which the cache is given to show what was written. */
const ARRIVAL_MILLISECONDS = 10_000;

interface Written {
  /** What was to be said. */
  readonly said: string;
  /** What was stored of it: less, where there was no room for the whole. */
  readonly stored: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The cache has shown it: what differs from then on, somebody else wrote. */
  readonly arrived: boolean;
}

/** Writes status, tells events and metrics. A status that says nothing new is not written. */
export class Reporter {
  readonly #ports: ReportPorts;
  /** What was written last, by uid: the cache may be behind. */
  readonly #written = new Map<string, Written>();
  /** Id of the last notice, by uid. */
  readonly #told = new Map<string, string>();

  constructor(ports: ReportPorts) {
    this.#ports = ports;
  }

  forget(uid: string): void {
    this.#written.delete(uid);
    this.#told.delete(uid);
  }

  async report(facts: Facts): Promise<void> {
    const { request } = facts.seen;
    const { uid } = request.metadata;
    const now = this.#ports.now();
    const time = `${new Date(now).toISOString().slice(0, RFC3339_SECONDS)}Z`;
    const status = statusOf(facts, time);
    const said = substance(status);
    if (this.#stands(uid, said, substance(request.status), now)) return;
    const written = await this.#write(facts.seen.request, status);
    const stored = written === status ? said : substance(written);
    this.#written.set(uid, { said, stored, at: now, arrived: false });
    this.#announce(facts, status);
  }

  /** Writes a status, or as much of it as there is room for, and answers what was written. */
  async #write({ metadata }: CodeExecutionRequest, whole: RequestStatus): Promise<RequestStatus> {
    const { name, namespace, uid } = metadata;
    let refusal: unknown;
    for (const status of everSmaller(whole)) {
      try {
        // The uid makes the API server refuse when another request took the name meanwhile.
        const object = {
          apiVersion: API_VERSION,
          kind: 'CodeExecutionRequest',
          metadata: { name, namespace, uid },
          status,
        };
        const options = { fieldManager: MANAGER, force: true };
        await this.#ports.client.applyStatus(CODE_EXECUTION_REQUESTS, object, options);
        return status;
      } catch (error) {
        if (!isKube(error, 'TooLarge')) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  /** Whether a status needs no writing: the cache shows it, or will in a moment. What somebody else wrote over it is put right. */
  #stands(uid: string, said: string, cached: string, now: number): boolean {
    const written = this.#written.get(uid);
    if (said === cached || (written?.said === said && written.stored === cached)) {
      if (written) this.#written.set(uid, { ...written, arrived: true });
      return true;
    }
    return written?.said === said && !written.arrived && now - written.at < ARRIVAL_MILLISECONDS;
  }

  #announce({ plan, seen }: Facts, status: RequestStatus): void {
    const { metrics } = this.#ports;
    if (
      seen.request.status.verdict === undefined &&
      status.verdict &&
      (plan.kind === 'Deny' || plan.kind === 'Start' || plan.kind === 'AwaitApproval')
    ) {
      metrics.decided(status.verdict.decision);
      for (const { rule } of status.verdict.findings ?? []) metrics.found(rule);
    }
    if (plan.kind === 'Finish' && plan.result.durationMilliseconds !== undefined)
      metrics.ran(plan.result.durationMilliseconds / 1000);
    this.#event({ plan, seen }, status);
    this.#tellPeople(seen, status);
  }

  /** What people should know about the approval, each thing once, also after another process has taken over. */
  #tellPeople({ request }: Facts['seen'], status: RequestStatus): void {
    const { name, namespace, uid } = request.metadata;
    const notice = noticeOf(request, status);
    const told = this.#told.get(uid) ?? noticeOf(request, request.status)?.id;
    if (!notice || told === notice.id) return;
    this.#told.set(uid, notice.id);
    this.#ports.notify(notice);
    const regarding = { apiVersion: API_VERSION, kind: 'CodeExecutionRequest', name, namespace, uid };
    const note = status.conditions?.find(({ type }) => type === 'Approved')?.message ?? '';
    if (notice.event === 'BreakGlass') {
      this.#ports.metrics.glassBroken();
      this.#ports.events.record({
        regarding,
        type: 'Warning',
        reason: 'BreakGlass',
        action: 'Approve',
        note,
      });
    }
    if (notice.event === 'ApprovalGiven')
      this.#ports.events.record({ regarding, type: 'Normal', reason: 'Approved', action: 'Approve', note });
  }

  /** What a person should look at becomes an Event; that all went well stands in status and costs no further write. */
  #event({ plan, seen }: Pick<Facts, 'plan' | 'seen'>, status: RequestStatus): void {
    const { name, namespace, uid } = seen.request.metadata;
    const regarding = { apiVersion: API_VERSION, kind: 'CodeExecutionRequest', name, namespace, uid };
    const record = (reason: string, action: string, note: string) =>
      this.#ports.events.record({ regarding, type: 'Warning', reason, action, note });
    const reasons = () => (status.verdict?.reasons ?? []).map(({ message }) => message).join(' ');
    const message = () => status.conditions?.find(({ type }) => type === 'Succeeded')?.message ?? '';
    if (plan.kind === 'Deny') record('Denied', 'Judge', reasons());
    const approval = () => status.conditions?.find(({ type }) => type === 'Approved');
    if (plan.kind === 'AwaitApproval')
      record(approval()?.reason ?? 'AwaitingApproval', 'Approve', approval()?.message ?? reasons());
    if (plan.kind === 'Refuse') record(`Approval${plan.approval.kind}`, 'Approve', approval()?.message ?? '');
    if (plan.kind === 'Hold' && plan.isolation.reason !== 'ProbePending')
      record(plan.isolation.reason, 'Isolate', message());
    if (plan.kind === 'Finish' && plan.result.reason !== 'Completed')
      record(plan.result.reason, 'Run', message());
  }
}

/** What a status says of what the controller decides: without the times of its conditions, and without what the gateway tells. */
function substance(full: RequestStatus): string {
  const { pluginCalls: _calls, pendingCalls: _pending, ...status } = full;
  const conditions = (status.conditions ?? []).map(({ lastTransitionTime: _time, ...rest }) => rest);
  return canonicalJson({ ...status, conditions: conditions.toSorted((a, b) => (a.type < b.type ? -1 : 1)) });
}

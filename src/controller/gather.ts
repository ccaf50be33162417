import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { parseApproval, parseQuota, parseRequest } from '../api/parse.ts';
import type { CodeExecutionRequest, ExecutionQuota } from '../api/parse.ts';
import type { Identity } from '../api/v1alpha1/identity.ts';
import type { ApprovalSeen } from '../core/approval/standing.ts';
import type { Report } from '../core/analysis/report.ts';
import { isFinished } from '../core/finished.ts';
import type { Observed } from '../core/observed.ts';
import { limitsOf } from '../core/queue/quota.ts';
import type { QuotaLimits } from '../core/queue/quota.ts';
import type { RunQueue } from '../core/queue/run-queue.ts';
import { needsLog } from '../core/run/result.ts';
import type { PodSeen, RunSeen } from '../core/run/seen.ts';
import type { Judgement } from '../core/verdict/judge.ts';
import { judgeRequest } from '../judging/judge-request.ts';
import type { ApproverRights, JudgePorts } from '../judging/judge-request.ts';
import { CODE_EXECUTION_REQUESTS, JOBS, PODS } from '../kube/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Informer } from '../kube/informer.ts';
import { refOf } from '../kube/object.ts';
import { runName } from '../objects/names.ts';
import { logBytes } from '../objects/supervisor.ts';
import { JOB_NAME } from './informers.ts';
import type { IsolationKeeper } from './isolation.ts';
import { seeJob, seePod } from './seen.ts';
import { isAbridged } from './slim-request.ts';
import type { StartLog } from './starts.ts';

export interface GatherPorts {
  readonly requests: Informer<object>;
  /** Indexed by the uid of their request. */
  readonly approvals: Informer<object>;
  readonly jobs: Informer<V1Job>;
  /** Indexed by the name of their Job. */
  readonly pods: Informer<V1Pod>;
  readonly judge: JudgePorts & ApproverRights;
  readonly isolation: IsolationKeeper;
  readonly starts: StartLog;
  readonly queue: Pick<RunQueue, 'turnOf'>;
  readonly quotas: Informer<object>;
  readonly client: Pick<KubeClient, 'get' | 'list' | 'podLog'>;
  readonly sandboxNamespace: string;
  /** URL of the plugin gateway; undefined while it has no address. A rejection means "could not tell". */
  readonly gateway: () => Promise<string | undefined>;
}

/** A request that this version cannot read; it was stored by another one. */
export class UnreadableRequest extends Error {}

export function readRequest(object: object): CodeExecutionRequest {
  const parsed = parseRequest(object);
  if (parsed.ok) return parsed.value;
  throw new UnreadableRequest(parsed.errors.map(({ path, message }) => `${path}: ${message}`).join('; '));
}

function readQuota(object: object): ExecutionQuota {
  const parsed = parseQuota(object);
  if (parsed.ok) return parsed.value;
  // Another version of Sekisho wrote it: what it limits cannot be told, so nothing starts.
  throw new Error(
    `an ExecutionQuota cannot be read: ${parsed.errors.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
  );
}

const UNPROVEN = { proven: false, reason: 'ProbePending', message: '' } as const;

const NO_LIMITS = { running: undefined, perHour: undefined } as const;
const UNLIMITED: QuotaLimits = { namespace: NO_LIMITS, requester: NO_LIMITS };

/** Gathers everything that a decision about one request depends on. Reads only; what is missing is data. */
export class Gatherer {
  readonly #ports: GatherPorts;
  /** Programs never change, so each is analysed once; forgotten when its request is finished. */
  readonly #reports = new Map<string, { readonly asked: string; readonly report: Promise<Report> }>();

  constructor(ports: GatherPorts) {
    this.#ports = ports;
  }

  forget(uid: string): void {
    this.#reports.delete(uid);
  }

  /** undefined: there is no such request. */
  async gather(key: string): Promise<Observed | undefined> {
    const object = this.#ports.requests.get(key);
    if (!object) return undefined;
    const cached = readRequest(object);
    const { isolation, starts, judge, queue } = this.#ports;
    const nothing = {
      judgement: undefined,
      approvals: [],
      sandboxClass: undefined,
      run: undefined,
      start: 'None',
      startedAt: undefined,
      gateway: undefined,
      quota: UNLIMITED,
      turn: { kind: 'NotAsked' },
    } as const;
    if (isFinished(cached.status)) return { request: cached, isolation: UNPROVEN, ...nothing };
    const run = await this.#run(cached);
    const start = starts.attemptOf(cached);
    // What runs is not judged anew: its verdict stands in status since before it started.
    const begun = run !== undefined || start === 'Created' || start === 'Unknown';
    const isJudged = begun && cached.status.verdict !== undefined;
    const request = isAbridged(object) && !isJudged ? await this.#whole(cached) : cached;
    if (!request) return undefined;
    const sandboxClass = await judge.facts.sandboxClass(request.spec.sandboxClassName);
    const judgement = isJudged ? undefined : await this.#judge(request);
    return {
      request,
      judgement,
      approvals: judgement?.verdict.decision === 'RequireApproval' ? await this.#approvals(request) : [],
      sandboxClass,
      isolation: sandboxClass ? isolation.of(sandboxClass) : UNPROVEN,
      run,
      start,
      startedAt: starts.startedAt(request.metadata.uid),
      gateway: judgement?.verdict.plugins && (await this.#ports.gateway()),
      quota: begun ? UNLIMITED : await this.#quota(request.metadata.namespace ?? ''),
      turn: queue.turnOf(key),
    };
  }

  /** A request with its program, which the cache does not hold; undefined when it is gone. All else stays as the cache has it. */
  async #whole(cached: CodeExecutionRequest): Promise<CodeExecutionRequest | undefined> {
    const live = await this.#live(cached);
    if (live?.metadata.uid !== cached.metadata.uid) return undefined;
    const { code, files, stdin, args } = live.spec;
    return { ...cached, spec: { ...cached.spec, code, files, stdin, args } };
  }

  /** Whatever stands under the name of a request, as the API server has it now. */
  async #live({
    metadata: { namespace, name },
  }: CodeExecutionRequest): Promise<CodeExecutionRequest | undefined> {
    const live = await this.#ports.client.get<object>(CODE_EXECUTION_REQUESTS, { namespace, name });
    return live && readRequest(live);
  }

  async #quota(namespace: string): Promise<QuotaLimits> {
    const stored = this.#ports.quotas.list().map(readQuota);
    return stored.length === 0
      ? UNLIMITED
      : limitsOf(stored, await this.#ports.judge.facts.namespaceLabels(namespace));
  }

  /** What people decided about this very request, and whether RBAC still lets them. One that cannot be read counts for nothing. */
  async #approvals({ metadata, spec }: CodeExecutionRequest): Promise<readonly ApprovalSeen[]> {
    const stored = this.#ports.approvals.byIndex(metadata.uid).flatMap((object) => {
      const parsed = parseApproval(object);
      return parsed.ok && parsed.value.metadata.namespace === metadata.namespace ? [parsed.value] : [];
    });
    // Whoever decides again and again is asked about once.
    const rights = new Map<string, Promise<boolean>>();
    const { judge } = this.#ports;
    const mayDecide = (approver: Identity, inEmergency: boolean): Promise<boolean> => {
      const question = JSON.stringify([approver, inEmergency]);
      const ask = inEmergency ? judge.mayBreakGlass : judge.mayApprove;
      const asked = rights.get(question) ?? ask(approver, spec.role);
      rights.set(question, asked);
      return asked;
    };
    return Promise.all(
      stored.map(async (approval) => {
        const { approver, decision } = approval.spec;
        const inEmergency = decision === 'BreakGlass';
        return { approval, mayApprove: approver !== undefined && (await mayDecide(approver, inEmergency)) };
      }),
    );
  }

  #judge(request: CodeExecutionRequest): Promise<Judgement> {
    const { judge } = this.#ports;
    return judgeRequest(request, request.metadata.namespace ?? '', {
      ...judge,
      analyse: (source, options) => {
        // What policies look for may change while a request waits.
        const asked = JSON.stringify(options);
        const known = this.#reports.get(request.metadata.uid);
        if (known?.asked === asked) return known.report;
        const report = judge.analyse(source, options);
        this.#reports.set(request.metadata.uid, { asked, report });
        report.catch(() => this.#reports.delete(request.metadata.uid));
        return report;
      },
    });
  }

  async #run(request: CodeExecutionRequest): Promise<RunSeen | undefined> {
    const { jobs, pods, sandboxNamespace } = this.#ports;
    const name = runName(request.metadata.uid);
    const found = jobs.get(`${sandboxNamespace}/${name}`) ?? (await this.#uncachedJob(request, name));
    if (!found) return undefined;
    const job = seeJob(found);
    const ours = job.requestUid === request.metadata.uid && (await this.#isIntended(request));
    // A Job's only pod; a second one cannot be, since nothing is tried again.
    const [cached] = pods.byIndex(name).map(seePod);
    const pod = job.finished && !cached?.terminated ? await this.#livePod(name) : cached;
    return {
      job: ours ? job : { ...job, requestUid: undefined },
      pod,
      log: needsLog(pod) ? await this.#log(pod?.name ?? '') : undefined,
    };
  }

  /** Of a cancelled request no Job may be overlooked that the cache has not heard of yet. */
  async #uncachedJob(request: CodeExecutionRequest, name: string): Promise<V1Job | undefined> {
    const { client, starts, sandboxNamespace: namespace } = this.#ports;
    if (request.spec.cancel !== true || starts.attemptOf(request) === 'None') return undefined;
    return client.get<V1Job>(JOBS, { namespace, name });
  }

  /** Of a Job that has ended: the cache of pods may be behind that of Jobs, and what it lacks must not count as lost. */
  async #livePod(jobName: string): Promise<PodSeen | undefined> {
    const { client, sandboxNamespace: namespace } = this.#ports;
    const { items } = await client.list<V1Pod>(PODS, { namespace, labelSelector: `${JOB_NAME}=${jobName}` });
    return items.map(seePod)[0];
  }

  /** Our own Jobs are always announced in status first; one that was not is somebody else's, whatever its labels say. */
  async #isIntended(request: CodeExecutionRequest): Promise<boolean> {
    if (this.#ports.starts.attemptOf(request) !== 'None') return true;
    const live = await this.#live(request);
    return live !== undefined && this.#ports.starts.attemptOf(live) !== 'None';
  }

  async #log(pod: string): Promise<string | undefined> {
    if (pod === '') return undefined;
    // The largest that any class may keep; the API server cuts there.
    const log = await this.#ports.client.podLog(this.#ports.sandboxNamespace, pod, {
      container: 'program',
      limitBytes: logBytes(262_144),
    });
    return log.toString('utf8');
  }
}

interface Live {
  readonly metadata?: { readonly uid?: string };
  readonly status?: { readonly state?: string | undefined };
}

/** Whose Jobs may stay; those of a request that ended as cancelled may not. */
export const uidToKeep = ({ metadata, status }: Live): string | undefined =>
  status?.state === 'Cancelled' ? undefined : metadata?.uid;

/**
 * The uid whose Jobs may stay under a key, asked of the API server itself and not of the cache: undefined when the request is gone,
 * or ended as cancelled, so that even a Job whose creation was answered too late does not run.
 */
export async function keeperOf(client: Pick<KubeClient, 'get'>, key: string): Promise<string | undefined> {
  const live = await client.get<Live>(CODE_EXECUTION_REQUESTS, refOf(key));
  return live && uidToKeep(live);
}

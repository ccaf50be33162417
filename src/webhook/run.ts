import type { Analyser } from '../analysis-worker/analyser.ts';
import type { ApprovalPorts } from '../judging/check-approval.ts';
import { watchFacts } from '../judging/cluster-facts.ts';
import type { WatchedFacts } from '../judging/cluster-facts.ts';
import { judgePortsOver } from '../judging/judge-ports.ts';
import type { KubeClient } from '../kube/client.ts';
import { hostAndPort, start as startHealth } from '../telemetry/health.ts';
import type { ReadinessCheck } from '../telemetry/health.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { parseRequest } from '../api/parse.ts';
import { CODE_EXECUTION_REQUESTS } from '../kube/resources.ts';
import { createApprovalAdmission } from './admit-approval.ts';
import { admitPlugin } from './admit-plugin.ts';
import { admitPolicy } from './admit-policy.ts';
import { createAdmission } from './admit-request.ts';
import type { Admission, AdmissionPorts } from './admit-request.ts';
import { upholdCertificateFiles } from './certificate-files.ts';
import { keepCertificates } from './certificate-keeper.ts';
import type { CertificateKeeper, KeeperOptions } from './certificate-keeper.ts';
import { configurationTrust, secretStore } from './certificate-stores.ts';
import { upholdCertificates } from './certificates.ts';
import { serviceNames } from './issue-certificate.ts';
import { start } from './server.ts';
import type { WebhookServer } from './server.ts';

/** The flags of the webhook process. */
export interface WebhookConfig {
  /** Where Sekisho is installed: Secret and Service are there. */
  readonly namespace: string;
  readonly serviceName: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** self-managed: in a Secret, rotated here. files: put into a directory by somebody else, cert-manager for example. */
  readonly certificate: 'self-managed' | 'files';
  /** Name of the Secret, which exists. Only for self-managed. */
  readonly certificateSecret: string;
  /** Holds tls.crt and tls.key. Only for files. */
  readonly certificateDirectory: string;
  /** Name of the MutatingWebhookConfiguration. */
  readonly webhookConfiguration: string;
  /** The user that the controller is to the API server. */
  readonly controllerUsername: string;
  /** Whether there is a plugin gateway. */
  readonly pluginsServed: boolean;
  /** host:port of /healthz, /readyz and /metrics. */
  readonly healthAddress: string;
}

export interface WebhookDependencies {
  readonly client: KubeClient;
  readonly analyser: Pick<Analyser, 'analyse'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** How long a closing webhook still takes new calls: until the Service no longer leads to it. */
  readonly lingerMilliseconds?: number;
}

/** A running webhook. */
export interface RunningWebhook {
  readonly port: number;
  readonly healthPort: number;
  /** Answers what was asked, then ends. */
  readonly close: () => Promise<void>;
}

/** Where the API server sends new requests, approvals, plugins and policies to. */
export const ADMIT_PATH = '/admit/codeexecutionrequests';
const ADMIT_APPROVAL_PATH = '/admit/executionapprovals';
const ADMIT_PLUGIN_PATH = '/admit/plugins';
const ADMIT_POLICY_PATH = '/admit/executionpolicies';

const LINGER_MILLISECONDS = 3000;
/** Files are cheap to look at, and cert-manager's new certificate ought to be served soon. */
const FILES_MILLISECONDS = 10_000;

function routesOver(facts: WatchedFacts, given: WebhookDependencies): Readonly<Record<string, Admission>> {
  const { client, analyser, logger, metrics } = given;
  const judge = judgePortsOver({ client, facts, analyser, metrics });
  const observe: AdmissionPorts['observe'] = ({ operation }, review) =>
    metrics.reviewed(operation, review.response.allowed);
  const request: ApprovalPorts['request'] = async (namespace, name) => {
    const stored = await client.get<object>(CODE_EXECUTION_REQUESTS, { namespace, name });
    if (!stored) return undefined;
    const parsed = parseRequest(stored);
    if (!parsed.ok) throw new Error(`request ${namespace}/${name} cannot be read`);
    return parsed.value;
  };
  return {
    [ADMIT_PATH]: createAdmission({ ...judge, now: () => performance.now(), logger, observe }),
    [ADMIT_APPROVAL_PATH]: createApprovalAdmission({
      request,
      role: facts.role,
      mayApprove: judge.mayApprove,
      mayBreakGlass: judge.mayBreakGlass,
      logger,
    }),
    [ADMIT_PLUGIN_PATH]: admitPlugin,
    [ADMIT_POLICY_PATH]: admitPolicy,
  };
}

function keeperOf(
  config: WebhookConfig,
  server: WebhookServer,
  given: WebhookDependencies,
): CertificateKeeper {
  const { client, logger, now = Date.now } = given;
  const trust = configurationTrust(client, config.webhookConfiguration);
  const { namespace, serviceName, certificateSecret, certificateDirectory } = config;
  const shared = { setCertificate: server.setCertificate, logger };
  if (config.certificate === 'files') {
    const uphold: KeeperOptions['uphold'] = (serve) =>
      upholdCertificateFiles(certificateDirectory, trust, serve);
    return keepCertificates({ ...shared, uphold, everyMilliseconds: FILES_MILLISECONDS });
  }
  const store = secretStore(client, namespace, certificateSecret);
  const names = serviceNames(serviceName, namespace);
  return keepCertificates({
    ...shared,
    uphold: (serve) => upholdCertificates({ store, trust, names, now, serve, logger }),
  });
}

/** Composes the webhook process and starts it. It is ready later, when /readyz says so. */
export async function runWebhook(config: WebhookConfig, given: WebhookDependencies): Promise<RunningWebhook> {
  const { client, logger, metrics, now = Date.now } = given;
  const facts = watchFacts({ client, logger, metrics, now, pluginsServed: config.pluginsServed });
  const server = await start({
    port: config.port,
    routes: routesOver(facts, given),
    logger,
    lingerMilliseconds: given.lingerMilliseconds ?? LINGER_MILLISECONDS,
  });
  const keeper = keeperOf(config, server, given);
  let closing: Promise<void> | undefined;
  const checks: readonly ReadinessCheck[] = [
    { name: 'certificate', check: () => keeper.ready() || 'no certificate is served and trusted yet' },
    {
      name: 'informers',
      check: () => facts.synced() || 'roles, classes, policies or namespaces not read yet',
    },
    { name: 'running', check: () => closing === undefined || 'closing' },
  ];
  const health = await startHealth({ ...hostAndPort(config.healthAddress), checks, metrics });
  logger.info({ port: server.port, certificate: config.certificate }, 'webhook started');
  const close = async () => {
    await server.close();
    await Promise.all([keeper.close(), facts.close(), health.close()]);
    logger.info({}, 'webhook closed');
  };
  return { port: server.port, healthPort: health.port, close: () => (closing ??= close()) };
}

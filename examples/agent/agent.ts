/**
 * An agent that lets Sekisho judge and run the code its model writes.
 *
 * It creates a CodeExecutionRequest, reads the verdict, and when the code is denied gives the findings back to the model, which
 * tries again. KUBECONFIG says where and as whom. Needs @kubernetes/client-node and Node 24, which runs this file as it stands:
 *
 *     node examples/agent/agent.ts
 */
import { CustomObjectsApi, KubeConfig, Watch } from '@kubernetes/client-node';

const KIND = { group: 'sekisho.dev', version: 'v1alpha1', plural: 'codeexecutionrequests' };
const NAMESPACE = process.env['NAMESPACE'] ?? 'demo';
const FINAL = new Set(['Succeeded', 'Failed', 'Denied', 'AwaitingApproval', 'Cancelled']);
const WAIT_MILLISECONDS = 120_000;

interface Status {
  readonly state?: string;
  readonly verdict?: {
    readonly decision: string;
    readonly riskScore: number;
    readonly findings?: readonly { readonly rule: string; readonly line: number; readonly message: string }[];
    readonly reasons?: readonly { readonly message: string }[];
  };
  readonly result?: { readonly stdout?: string };
}
interface Request {
  readonly metadata: { readonly name: string };
  readonly status?: Status;
}

const CARELESS = `
const { execSync } = require('node:child_process');
console.log(execSync('sort -n numbers.txt | tail -n 1').toString());
`;
const MENDED = `
const { readFileSync } = require('node:fs');
console.log(Math.max(...readFileSync('numbers.txt', 'utf8').trim().split('\\n').map(Number)));
`;

/** Where a language model is asked. This one calls a shell until somebody complains. */
const askModel = (_task: string, complaint: string): string => (complaint === '' ? CARELESS : MENDED);

async function create(config: KubeConfig, code: string): Promise<string> {
  const body = {
    apiVersion: `${KIND.group}/${KIND.version}`,
    kind: 'CodeExecutionRequest',
    metadata: { generateName: 'agent-typescript-' },
    spec: { language: 'JavaScript', role: 'user', code, files: [{ path: 'numbers.txt', content: '17\n4\n42\n23\n' }] },
  };
  const made = await config.makeApiClient(CustomObjectsApi).createNamespacedCustomObject({ ...KIND, namespace: NAMESPACE, body });
  return (made as Request).metadata.name;
}

async function waitForEnd(config: KubeConfig, name: string): Promise<Status> {
  const path = `/apis/${KIND.group}/${KIND.version}/namespaces/${NAMESPACE}/${KIND.plural}`;
  const { promise, resolve, reject } = Promise.withResolvers<Status>();
  const timer = setTimeout(() => reject(new Error(`${name} has not ended after two minutes`)), WAIT_MILLISECONDS);
  const onEvent = (_phase: string, { status }: Request) => {
    if (status?.state !== undefined && FINAL.has(status.state)) resolve(status);
  };
  const onEnd = (error: unknown) => reject(error instanceof Error ? error : new Error('the watch ended early'));
  const controller = await new Watch(config).watch(path, { fieldSelector: `metadata.name=${name}` }, onEvent, onEnd);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

function complaintAbout({ verdict }: Status): string {
  const findings = (verdict?.findings ?? []).map(({ rule, line, message }) => `${rule} in line ${line}: ${message}`);
  return (findings.length > 0 ? findings : (verdict?.reasons ?? []).map(({ message }) => message)).join('\n');
}

async function main(): Promise<number> {
  const config = new KubeConfig();
  config.loadFromDefault();
  let complaint = '';
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const name = await create(config, askModel('Print the largest of the numbers in numbers.txt.', complaint));
    const status = await waitForEnd(config, name);
    console.log(`attempt ${attempt}: ${name}: ${status.verdict?.decision}, risk ${status.verdict?.riskScore}, ${status.state}`);
    if (status.state === 'Succeeded') {
      console.log(`result: ${status.result?.stdout?.trim()}`);
      return 0;
    }
    complaint = complaintAbout(status);
    console.log(complaint.replaceAll(/^/gm, '  '));
  }
  return 1;
}

process.exitCode = await main();

import { spawn } from 'node:child_process';
import { SYSTEM } from '../support/installation.ts';
import { KUBECTL, kubectl, must } from '../support/kubectl.ts';
import type { ApprovalTenant } from '../support/approvals.ts';

const START_MILLISECONDS = 20_000;

/** The console of the installation on a port of this machine, as a person without an ingress reaches it. */
export async function forwardConsole(): Promise<{ readonly url: string; readonly close: () => void }> {
  await must(['-n', SYSTEM, 'rollout', 'status', 'deployment/sekisho-console', '--timeout=60s']);
  const child = spawn(KUBECTL, ['-n', SYSTEM, 'port-forward', 'service/sekisho-console', ':80']);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const late = setTimeout(() => reject(new Error('kubectl port-forward opened no port')), START_MILLISECONDS);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    const port = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
    if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
  });
  child.once('exit', () => reject(new Error(`kubectl port-forward ended: ${said}`)));
  try {
    return { url: await promise, close: () => child.kill() };
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** Somebody with a token: a ServiceAccount, in a tenant whose role lets these decide. */
export interface TokenHolder {
  readonly username: string;
  readonly token: string;
}

/** nothing: no right at all. look: may read. decide: may read and approve. */
type Rights = 'nothing' | 'look' | 'decide';

/** Makes a ServiceAccount with these rights; answers its token. */
export async function tokenHolder(
  tenant: ApprovalTenant,
  name: string,
  rights: Rights,
): Promise<TokenHolder> {
  const { namespace, role } = tenant;
  const subject = `--serviceaccount=${namespace}:${name}`;
  await must(['-n', namespace, 'create', 'serviceaccount', name]);
  const bind = (binding: string, clusterRole: string) =>
    must(['-n', namespace, 'create', 'rolebinding', binding, `--clusterrole=${clusterRole}`, subject]);
  if (rights === 'look') await bind(name, 'sekisho-view');
  if (rights === 'decide') {
    await bind(name, 'sekisho-approver');
    const binding = `${role}-${name}`;
    await must(['create', 'clusterrolebinding', binding, `--clusterrole=${role}-approve`, subject]);
  }
  const token = (await must(['-n', namespace, 'create', 'token', name])).trim();
  return { username: `system:serviceaccount:${namespace}:${name}`, token };
}

/** Takes the rights outside the namespace away again. */
export const forgetHolders = ({ role }: ApprovalTenant, ...names: readonly string[]) =>
  kubectl(['delete', 'clusterrolebinding', '--ignore-not-found', ...names.map((name) => `${role}-${name}`)]);

import { isClusterHost } from '../matching/hosts.ts';
import { namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { defineRule } from '../rule.ts';

const CLIENTS = namesOf(
  'kubernetes kubernetes.* kubernetes_asyncio kubernetes_asyncio.* pykube pykube.* kr8s kr8s.* openshift.* lightkube.* @kubernetes/client-node @kubernetes/client-node.* kubernetes-client.* os.environ.KUBERNETES_SERVICE_HOST process.env.KUBERNETES_SERVICE_HOST',
);
const COMMANDS = namesOf('kubectl helm kubeadm oc k9s crictl etcdctl');

/**
 * The address of the API server, KUBERNETES_SERVICE_HOST, kubectl and helm, Kubernetes clients.
 *
 * Left alone: The words in texts.
 */
export default defineRule({
  id: 'ANY-K8S-API',
  version: 2,
  title: { en: 'Uses the Kubernetes API', ja: 'Kubernetes API の利用' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [284],
  attack: ['T1613', 'T1609'],
  forbids: {
    en: 'The address of the API server, KUBERNETES_SERVICE_HOST, kubectl and helm, Kubernetes clients.',
    ja: 'API サーバーのアドレス、KUBERNETES_SERVICE_HOST、kubectl、helm、Kubernetes クライアント。',
  },
  allows: { en: 'The words in texts.', ja: '文字列の中の語。' },
  message: { en: 'The program uses the Kubernetes API.', ja: 'Kubernetes API を利用します。' },
  remedy: { en: 'Leave it out: no program in the sandbox has rights there.', ja: '取り除いてください。' },
  needs: ['addresses', CLIENTS, COMMANDS],
  check: (program) => [
    ...referencesTo(program, CLIENTS),
    ...program.addresses.filter(
      ({ text, host }) => text === 'KUBERNETES_SERVICE_HOST' || isClusterHost(host),
    ),
    ...program.commands.filter(({ name = '' }) => COMMANDS.has(name)),
  ],
});

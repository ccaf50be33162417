import { namesOf } from '../matching/lists.ts';
import { referencesTo } from '../matching/names.ts';
import { isRuntimeSocket } from '../matching/paths.ts';
import { defineRule } from '../rule.ts';

const CLIENTS = namesOf('docker.from_env docker.DockerClient docker.APIClient podman.PodmanClient dockerode');
const COMMANDS = namesOf('docker podman ctr nerdctl crictl buildctl runc crun');

/**
 * The sockets of Docker, containerd, CRI-O, podman and BuildKit, and their clients.
 *
 * Left alone: The words in texts.
 */
export default defineRule({
  id: 'ANY-RUNTIME-SOCK',
  version: 1,
  title: { en: 'Talks to the container engine', ja: 'コンテナエンジンへの接続' },
  severity: 'Critical',
  languages: ['Python', 'JavaScript', 'Bash'],
  cwe: [250],
  attack: ['T1610', 'T1611'],
  forbids: {
    en: 'The sockets of Docker, containerd, CRI-O, podman and BuildKit, and their clients.',
    ja: 'Docker、containerd、CRI-O、podman のソケットとクライアント。',
  },
  allows: { en: 'The words in texts.', ja: '文字列の中の語。' },
  message: {
    en: 'The program talks to the container engine, through which it can leave its container.',
    ja: 'コンテナから抜け出せるコンテナエンジンに接続します。',
  },
  remedy: { en: 'Leave it out.', ja: '取り除いてください。' },
  needs: ['paths', CLIENTS, COMMANDS],
  check: (program) => [
    ...referencesTo(program, CLIENTS),
    ...program.paths.filter(({ text }) => isRuntimeSocket(text)),
    ...program.commands.filter(({ name = '' }) => COMMANDS.has(name)),
  ],
});

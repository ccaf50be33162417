import type { V1Pod } from '@kubernetes/client-node';
import { eventually } from '../../../support/eventually.ts';
import { SYSTEM, podsOf } from '../../support/installation.ts';
import { must, read } from '../../support/kubectl.ts';
import { imageOf } from '../../support/plain-pod.ts';
import { startScript } from './script-service.ts';

/** Answers to the questions about a name, by type, one after the other; the last is given again and again. */
export interface Script {
  readonly A?: readonly (readonly string[])[];
  readonly AAAA?: readonly (readonly string[])[];
}

/** What the name server was asked about names with a script, and what it answered. */
export interface Answered {
  readonly name: string;
  readonly type: string;
  readonly addresses: readonly string[];
}

/** A name server in a pod of a tenant's namespace; beside it a port at which nobody may ever call. */
export interface NameServer {
  /** Of its Service, at which it listens on port 53. */
  readonly address: string;
  /** Of the pod, whose port 9000 counts who connects. */
  readonly trap: string;
  readonly say: (name: string, script: Script) => Promise<void>;
  readonly answered: (name: string, type?: 'A' | 'AAAA') => Promise<readonly Answered[]>;
  readonly trapped: () => Promise<number>;
}

/** Of its trap, and of those in the pods of the gateway. */
export const TRAP_PORT = 9000;
const NAME = 'name-server';

/** Starts one; it ends with the namespace. */
export async function newNameServer(namespace: string): Promise<NameServer> {
  const address = await startScript(namespace, {
    name: NAME,
    ready: { path: '/', port: 8080 },
    port: { port: 53, targetPort: 5353, protocol: 'UDP' },
  });
  const pod = await read<V1Pod>(['-n', namespace, 'get', 'pod', NAME]);
  const proxy = `/api/v1/namespaces/${namespace}/pods/${NAME}:8080/proxy`;
  const told = async () =>
    JSON.parse(await must(['get', '--raw', `${proxy}/`])) as {
      readonly answered: readonly Answered[];
      readonly trapped: number;
    };
  return {
    address,
    trap: pod.status?.podIP ?? '',
    async say(name, script) {
      await must(['create', '--raw', `${proxy}/scripts`, '-f', '-'], { name, script });
    },
    async answered(name, type = 'A') {
      return (await told()).answered.filter((one) => one.name === name && one.type === type);
    },
    trapped: async () => (await told()).trapped,
  };
}

const CONTAINER = 'trap';

/** Listens at every address that a pod has, the loopback ones among them, and writes a line for whoever connects. */
const TRAP_PROGRAM = `
const { createServer } = require('node:net');
const server = createServer((socket) => { console.log('came'); socket.destroy(); });
server.once('error', () => server.listen(${TRAP_PORT}, '0.0.0.0'));
server.listen(${TRAP_PORT}, '::', () => console.log('listening'));
`;

const logOf = (pod: string): Promise<string> => must(['-n', SYSTEM, 'logs', pod, '-c', CONTAINER]);

/** Puts a listener into each pod of the gateway, in its own network; answers how many connected to them. It ends with the pods. */
export async function trapsInGateway(): Promise<() => Promise<number>> {
  const image = await imageOf('JavaScript');
  const pods = (await podsOf('gateway')).map(({ metadata }) => metadata?.name ?? '');
  for (const pod of pods) {
    await must([
      ...['-n', SYSTEM, 'debug', `pod/${pod}`, `--container=${CONTAINER}`, '--profile=restricted'],
      ...[`--image=${image}`, '--image-pull-policy=IfNotPresent', '--', 'node', '-e', TRAP_PROGRAM],
    ]);
    await eventually(async () => (await logOf(pod).catch(() => '')).includes('listening'), {
      what: `a listener is in pod ${pod} of the gateway`,
      timeoutMilliseconds: 60_000,
      intervalMilliseconds: 300,
    });
  }
  return async () =>
    (await Promise.all(pods.map(logOf))).flatMap((log) => log.split('\n')).filter((line) => line === 'came')
      .length;
}

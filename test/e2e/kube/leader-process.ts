/** Takes part in an election and writes its name again and again while it leads: `leader-process.ts NAMESPACE IDENTITY`. */
import { createKubeClient, loadConnection } from '../../../src/kube/client.ts';
import { createLeaderElector } from '../../../src/kube/leader.ts';
import { CONFIG_MAPS } from '../../../src/kube/resources.ts';
import { createTransport } from '../../../src/kube/transport.ts';

const [namespace = '', identity = ''] = process.argv.slice(2);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const transport = createTransport({ connection: await loadConnection(process.env) });
const elector = createLeaderElector({
  client: createKubeClient(transport),
  namespace,
  name: 'stopped',
  identity,
  onStarted: () => {},
  onStopped: () => {},
  logger: silent,
  timing: { leaseMilliseconds: 3000, renewMilliseconds: 2000, retryMilliseconds: 400 },
});
elector.start();

// As the controller's: no look at the leader beforehand, only the client's own at the last moment.
const guarded = createKubeClient(transport, { mayWrite: () => elector.isLeader() });
const metadata = { name: 'written', namespace, labels: { written: 'by-leader' } };
async function writeForEver(): Promise<void> {
  for (let count = 0; ; count += 1) {
    const data = { writer: identity, count: String(count) };
    await guarded
      .apply(CONFIG_MAPS, { metadata, data }, { fieldManager: 'test', force: true })
      .catch(() => new Promise((resolve) => void setTimeout(resolve, 5)));
  }
}
await Promise.all([writeForEver(), writeForEver(), writeForEver()]);

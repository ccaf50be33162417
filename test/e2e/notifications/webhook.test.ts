/** People are told by Events and by a signed webhook, as the chart installs it, of what becomes of an approval. */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { decideAs, newApprovalTenant } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { bodyOf, certificateFor, hostAddress } from '../support/endpoint.ts';
import { LOCAL_CLUSTER, metricOf, release, SYSTEM } from '../support/installation.ts';
import { items, kubectl, must } from '../support/kubectl.ts';

jest.setTimeout(240_000);

const SECRET = 'test-notifications';
const KEY = randomBytes(32).toString('hex');
const DELIVERED = 'sekisho_notifications_total{outcome="delivered"}';

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}
interface Told {
  readonly id: string;
  readonly event: string;
  readonly request: { readonly name: string };
}

let tenant: ApprovalTenant;
let bob: string;
let close: () => void = () => undefined;
const got: Got[] = [];
/** How the next calls are answered; when there are none left, with 204. */
const answers: number[] = [];

async function startReceiver(host: string): Promise<{ readonly url: string; readonly ca: string }> {
  const { cert, private: key } = await certificateFor(host);
  const server = createServer({ cert, key }, (request, response) => {
    void (async () => {
      got.push({ headers: request.headers, body: await bodyOf(request), at: Date.now() });
      const status = answers.shift() ?? 204;
      if (status === 0) request.socket.destroy();
      else response.writeHead(status).end();
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `https://${host}:${(server.address() as AddressInfo).port}/hook`, ca: cert };
}

const local = LOCAL_CLUSTER === undefined ? describe.skip : describe;

beforeAll(async () => {
  if (LOCAL_CLUSTER === undefined) return;
  tenant = await newApprovalTenant('notified', { breakGlass: { enabled: true } });
  bob = await tenant.approver('bob');
  const { url, ca } = await startReceiver(await hostAddress());
  await must(['create', '-f', '-'], {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: SECRET, namespace: SYSTEM } },
    stringData: { key: KEY, 'ca.crt': ca },
  });
  await release(
    `notifications.url=${url}`,
    `notifications.secretName=${SECRET}`,
    'notifications.linkTemplate=https://sekisho.example/{namespace}/{name}',
  );
});
afterAll(async () => {
  if (LOCAL_CLUSTER === undefined) return;
  await release();
  await kubectl(['-n', SYSTEM, 'delete', 'secret', SECRET, '--ignore-not-found']);
  close();
  await tenant.end();
});

const told = (name: string, event: string): readonly Got[] =>
  got.filter(({ body }) => {
    const { request, event: what } = JSON.parse(body) as Told;
    return request.name === name && what === event;
  });
const toldOnce = (name: string, event: string, times = 1): Promise<readonly Got[]> =>
  eventually(
    () => {
      const calls = told(name, event);
      return calls.length >= times && calls;
    },
    { what: `${event} is told ${times} times`, timeoutMilliseconds: 30_000 },
  );

const signed = ({ headers, body }: Got): string =>
  `v1=${createHmac('sha256', KEY)
    .update(`${String(headers['sekisho-timestamp'])}.${body}`)
    .digest('hex')}`;

interface KubernetesEvent {
  readonly type: string;
  readonly reason: string;
  readonly regarding: { readonly name: string };
}
const reasonsOf = async (name: string): Promise<readonly string[]> =>
  (await items<KubernetesEvent>(['-n', tenant.namespace, 'get', 'events.events.k8s.io']))
    .filter(({ regarding }) => regarding.name === name)
    .map(({ type, reason }) => `${type} ${reason}`);

local('the webhook', () => {
  test('is tried again until the receiver takes it, under one id, each time signed anew', async () => {
    const before = await metricOf(DELIVERED);
    answers.push(500, 0);
    const request = await tenant.ask();
    const { name, uid } = request.metadata;
    const calls = await toldOnce(name, 'ApprovalWanted', 3);
    expect(calls).toHaveLength(3);
    for (const call of calls) {
      expect(call.headers['sekisho-signature']).toBe(signed(call));
      expect(Math.abs(call.at / 1000 - Number(call.headers['sekisho-timestamp']))).toBeLessThan(10);
    }
    expect(new Set(calls.map(({ headers }) => headers['sekisho-delivery'])).size).toBe(1);
    expect(new Set(calls.map(({ headers }) => headers['sekisho-timestamp'])).size).toBeGreaterThan(1);
    const [{ body } = { body: '{}' }] = calls;
    expect(JSON.parse(body)).toEqual({
      id: calls[0]?.headers['sekisho-delivery'],
      event: 'ApprovalWanted',
      request: { namespace: tenant.namespace, name, uid },
      requester: tenant.user,
      role: tenant.role,
      actions: ['grant_admin'],
      riskScore: request.status.verdict?.riskScore,
      digest: request.status.verdict?.digest,
      state: 'AwaitingApproval',
      approval: { required: 1, approvedBy: [], approveBy: expect.any(String) },
      link: `https://sekisho.example/${tenant.namespace}/${name}`,
    });
    await eventually(async () => (await metricOf(DELIVERED)) === before + 1, {
      what: 'it is counted as delivered',
      timeoutMilliseconds: 10_000,
    });
    await tenant.cancel(name);
  });

  test('tells of what is given, refused and invalidated, each once; so do Events', async () => {
    const given = await tenant.ask();
    expect(await decideAs(bob, given)).toMatchObject({ code: 0 });
    await tenant.ended(given.metadata.name);
    const [call] = await toldOnce(given.metadata.name, 'ApprovalGiven');
    expect(JSON.parse(call?.body ?? '{}')).toMatchObject({ approval: { approvedBy: [bob] } });

    const denied = await tenant.ask();
    expect(await decideAs(bob, denied, { decision: 'Deny' })).toMatchObject({ code: 0 });
    await toldOnce(denied.metadata.name, 'ApprovalDenied');

    await tenant.patchRole({ approval: { approvers: 2 } });
    const changed = await tenant.ask();
    expect(await decideAs(bob, changed)).toMatchObject({ code: 0 });
    await tenant.patchRole({ allowedActions: ['read_calendar'] });
    await toldOnce(changed.metadata.name, 'ApprovalInvalidated');
    await tenant.patchRole({ approval: { approvers: 1 } });
    await tenant.cancel(changed.metadata.name);

    await eventually(
      async () => {
        const [first, second, third] = await Promise.all(
          [given, denied, changed].map(({ metadata }) => reasonsOf(metadata.name)),
        );
        return (
          first?.includes('Warning AwaitingApproval') &&
          first.includes('Normal Approved') &&
          second?.includes('Warning ApprovalDenied') &&
          third?.includes('Warning ApprovalInvalidated')
        );
      },
      { what: 'the Events say the same', timeoutMilliseconds: 30_000 },
    );
    expect(told(given.metadata.name, 'ApprovalWanted')).toHaveLength(1);
    expect(told(given.metadata.name, 'ApprovalGiven')).toHaveLength(1);
  });

  test('is not given the Secret through the API', async () => {
    const account = `system:serviceaccount:${SYSTEM}:sekisho-controller`;
    const may = ['auth', 'can-i', 'get', `secret/${SECRET}`, '-n', SYSTEM, '--as', account];
    expect((await kubectl(may)).stdout.trim()).toBe('no');
  });
});

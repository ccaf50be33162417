import { setTimeout as wait } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { V1MutatingWebhookConfiguration } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { certificateFor, hostAddress, startEndpoint } from '../support/endpoint.ts';
import type { Endpoint, Review } from '../support/endpoint.ts';
import { kubectl, must, read } from '../support/kubectl.ts';
import { LOCAL_CLUSTER, replicasOf, start, stop } from '../support/installation.ts';
import { newTenant, requestExists } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(120_000);

let tenant: Tenant;
let replicas = 1;
let original: object | undefined;
let endpoint: Endpoint | undefined;
const doomed: string[] = [];

const pointTo = (clientConfig: object) =>
  must([
    ...['patch', 'mutatingwebhookconfiguration', 'sekisho', '--type=json', '-p'],
    JSON.stringify([{ op: 'replace', path: '/webhooks/0/clientConfig', value: clientConfig }]),
  ]);

beforeAll(async () => {
  tenant = await newTenant('fails-closed');
  replicas = await replicasOf('webhook');
  const configuration = await read<V1MutatingWebhookConfiguration>([
    'get',
    'mutatingwebhookconfiguration',
    'sekisho',
  ]);
  original = configuration.webhooks?.[0]?.clientConfig;
  for (let left = 12; left > 0; left -= 1) doomed.push((await tenant.create()).metadata.name);
  await stop('webhook');
  if (LOCAL_CLUSTER !== undefined) endpoint = await startEndpoint(await hostAddress());
});
afterAll(async () => {
  if (original) await pointTo(original);
  await start('webhook', replicas);
  await endpoint?.close();
  await tenant.end();
});

const create = () =>
  kubectl([...tenant.flags, 'create', '-f', '-'], tenant.manifest({}, { name: 'refused' }));

async function expectRefused(sentence: RegExp) {
  const { code, stderr } = await create();
  expect(stderr).toMatch(sentence);
  expect(code).not.toBe(0);
  expect(await requestExists(tenant.namespace, 'refused')).toBe(false);
  const name = doomed.pop() ?? '';
  await must([...tenant.flags, 'delete', 'cer', name, '--timeout=20s']);
  expect(await requestExists(tenant.namespace, name)).toBe(false);
}

const json = (response: ServerResponse, body: object) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};
const review = (answer: object) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: answer,
});
/** An honest webhook's answer. */
const stamped = ({ request }: Review) => ({
  uid: request.uid,
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(
    JSON.stringify([{ op: 'add', path: '/spec/requester', value: request.userInfo }]),
  ).toString('base64'),
});

type Bad = readonly [string, (answer: Review, response: ServerResponse) => void, RegExp];
const BAD: readonly Bad[] = [
  [
    'slow past its limit',
    (asked, response) =>
      void wait(8000).then(() => response.destroyed || json(response, review(stamped(asked)))),
    /failed calling webhook "codeexecutionrequests.sekisho.dev".*(deadline exceeded|Timeout)/,
  ],
  [
    'HTTP 500',
    (_asked, response) => {
      response.statusCode = 500;
      response.end('broken');
    },
    /failed calling webhook "codeexecutionrequests.sekisho.dev".*(500|an error on the server)/,
  ],
  [
    'HTTP 500 with a good body',
    (asked, response) => {
      response.statusCode = 500;
      json(response, review(stamped(asked)));
    },
    /failed calling webhook "codeexecutionrequests.sekisho.dev"/,
  ],
  [
    'the uid of another review',
    (asked, response) => json(response, review({ ...stamped(asked), uid: 'another' })),
    /failed calling webhook.*expected response.uid=/,
  ],
  [
    'an empty body',
    (_asked, response) => response.end(),
    /failed calling webhook "codeexecutionrequests.sekisho.dev"/,
  ],
  [
    'a body that is no JSON',
    (_asked, response) => response.end('allowed'),
    /failed calling webhook "codeexecutionrequests.sekisho.dev"/,
  ],
  ['an answer without a response', (_asked, response) => json(response, {}), /failed calling webhook/],
  [
    'a connection that breaks',
    (_asked, response) => void response.destroy(),
    /failed calling webhook.*(EOF|reset)/,
  ],
  [
    'an answer that stamps nobody',
    ({ request }, response) => json(response, review({ uid: request.uid, allowed: true })),
    /spec.requester is missing: Sekisho's webhook stamps it, and it did not answer/,
  ],
];

describe('promise 03: fails closed', () => {
  test('with the webhook at 0 replicas', async () => {
    await expectRefused(/failed calling webhook "codeexecutionrequests.sekisho.dev".*sekisho-webhook/);
  });

  const onLocalCluster = LOCAL_CLUSTER === undefined ? describe.skip : describe;
  onLocalCluster('with a webhook of the test in its place', () => {
    test('that is honest: the request passes, so that the refusals below have their own cause', async () => {
      const { url, caBundle } = endpoint ?? { url: '', caBundle: '' };
      if (endpoint) endpoint.answer = (asked, response) => json(response, review(stamped(asked)));
      await pointTo({ url, caBundle });
      await eventually(async () => (await create()).code === 0, {
        what: 'the API server calls the new address',
        intervalMilliseconds: 200,
      });
      expect(endpoint?.calls()).toBeGreaterThan(0);
      await must([...tenant.flags, 'delete', 'cer', 'refused', '--timeout=20s']);
    });

    test.each(BAD)('%s', async (_title, answer, sentence) => {
      if (!endpoint) throw new Error('no endpoint');
      endpoint.answer = answer;
      const before = endpoint.calls();
      await expectRefused(sentence);
      expect(endpoint.calls()).toBeGreaterThan(before);
    });

    test('a certificate that its caBundle does not vouch for', async () => {
      if (!endpoint) throw new Error('no endpoint');
      endpoint.answer = (asked, response) => json(response, review(stamped(asked)));
      const { cert } = await certificateFor('127.0.0.1');
      await pointTo({ url: endpoint.url, caBundle: Buffer.from(cert).toString('base64') });
      await eventually(
        async () => {
          const dry = ['create', '--dry-run=server', '-f', '-'];
          return (await kubectl([...tenant.flags, ...dry], tenant.manifest())).stderr.includes('x509');
        },
        { what: 'the other caBundle is in force', intervalMilliseconds: 200 },
      );
      const before = endpoint.calls();
      await expectRefused(/failed calling webhook.*x509: certificate signed by unknown authority/);
      expect(endpoint.calls()).toBe(before);
    });
  });
});

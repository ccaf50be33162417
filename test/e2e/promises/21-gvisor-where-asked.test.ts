import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { podsOfRequest, sandboxJobs } from '../support/installation.ts';
import { exists, kubectl, must } from '../support/kubectl.ts';
import { ownClass } from '../support/own-class.ts';
import type { OwnClass } from '../support/own-class.ts';
import { newTenant } from '../support/tenant.ts';
import type { Tenant } from '../support/tenant.ts';

jest.setTimeout(180_000);

/** A RuntimeClass whose handler no node has. */
const NO_HANDLER = 'promise-21';
const KERNEL = "print(open('/proc/version').read())";

const tenants: Tenant[] = [];
const classes: OwnClass[] = [];
let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant('gvisor', 'Audit');
  tenants.push(tenant);
});
afterAll(async () => {
  for (const own of classes) await own.end();
  for (const one of tenants) await one.end();
  await kubectl(['delete', 'runtimeclass', NO_HANDLER, '--ignore-not-found']);
});

/** A tenant with a class of this runtime alone. */
async function withRuntime(runtimeClassName: string): Promise<{ tenant: Tenant; own: OwnClass }> {
  const one = await newTenant('no-runtime');
  tenants.push(one);
  // A probe that needs a user namespace is given up after half a minute instead of three.
  const own = await ownClass(one, { runtimeClassName, userNamespaces: 'Required' });
  classes.push(own);
  return { tenant: one, own };
}

describe('promise 21: gVisor is really used where asked', () => {
  test('the kernel inside is that of gVisor, and only there', async () => {
    if (!(await exists(['sandboxclass', 'gvisor'])))
      throw new Error('no SandboxClass gvisor: install with sandboxClasses.gvisor.enabled=true');
    const kernels = await Promise.all(
      ['gvisor', 'default'].map(async (sandboxClassName) => {
        const { metadata } = await tenant.create({ code: KERNEL, sandboxClassName });
        const { result, isolation } = await tenant.ended(metadata.name, 90_000);
        return { runtime: isolation?.runtime, kernel: result?.stdout ?? '' };
      }),
    );
    expect(kernels).toEqual([
      { runtime: 'gvisor', kernel: expect.stringContaining('gvisor') },
      { runtime: 'default', kernel: expect.not.stringContaining('gvisor') },
    ]);
  });

  test('a handler that no node has, and a RuntimeClass that is not there: nothing runs, in no other runtime either', async () => {
    await must(['create', '-f', '-'], {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: NO_HANDLER },
      handler: 'promise-21-nowhere',
    });
    const held = await Promise.all([NO_HANDLER, 'promise-21-missing'].map(withRuntime));
    const requests = await Promise.all(held.map((one) => one.tenant.create(one.own.spec)));
    for (const [index, { metadata }] of requests.entries()) {
      const { tenant: of } = held[index] ?? { tenant };
      const condition = await eventually(
        async () => {
          const { conditions } = (await of.get(metadata.name)).status ?? {};
          return conditions?.find(({ reason }) => reason === 'IsolationUnavailable');
        },
        { what: 'Isolated says so', timeoutMilliseconds: 90_000, intervalMilliseconds: 500 },
      );
      expect(condition).toMatchObject({
        type: 'Isolated',
        status: 'False',
        message: expect.stringContaining('The probe did not run'),
      });
      expect((await of.get(metadata.name)).status.state).toBe('Queued');
      expect(await sandboxJobs(of.namespace)).toEqual([]);
      expect(await podsOfRequest(metadata.uid)).toEqual([]);
    }
  });
});

/** Fifty approvals of one request at one moment, three controllers: one Job, each time. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { connectKube, loadConnection } from '../../../src/kube/client.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { isKube } from '../../../src/kube/errors.ts';
import { EXECUTION_APPROVALS } from '../../../src/kube/resources.ts';
import { decisionAbout, newApprovalTenant } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { replicasOf, sandboxJobs, start } from '../support/installation.ts';

const REPETITIONS = 20;
const AT_ONCE = 50;

jest.setTimeout(400_000);

let tenant: ApprovalTenant;
let client: KubeClient;
let replicas: number;
beforeAll(async () => {
  replicas = await replicasOf('controller');
  await start('controller', 3);
  tenant = await newApprovalTenant('many');
  client = connectKube({ connection: await loadConnection(process.env) });
});
afterAll(async () => {
  await client.close();
  await tenant.end();
  await start('controller', replicas);
});

/** How many of the approvals were taken; one that comes after the start is refused. */
async function approveAtOnce(decision: object): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      try {
        await client.create(EXECUTION_APPROVALS, decision);
        return 1;
      } catch (error) {
        if (isKube(error, 'Invalid')) return 0;
        throw error;
      }
    }),
  );
  return answers.reduce<number>((sum, taken) => sum + taken, 0);
}

test('start exactly one Job, time after time', async () => {
  for (let round = 1; round <= REPETITIONS; round += 1) {
    const request = await tenant.ask();
    expect(await approveAtOnce(decisionAbout(request))).toBeGreaterThan(0);
    expect(await tenant.ended(request.metadata.name)).toMatchObject({
      state: 'Succeeded',
      approval: { approvedBy: [expect.anything()] },
    });
    // Ended Jobs are kept for minutes, so that each that was ever made is still there.
    expect(await sandboxJobs(tenant.namespace)).toHaveLength(round);
  }
});

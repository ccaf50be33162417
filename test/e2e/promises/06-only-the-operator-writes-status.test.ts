import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CodeExecutionRequest } from '../../../src/api/parse.ts';
import { approvedReason, newApprovalTenant, settled } from '../support/approvals.ts';
import type { ApprovalTenant } from '../support/approvals.ts';
import { withoutGuards } from '../support/guards.ts';
import { sandboxJobs } from '../support/installation.ts';
import { kubectl, must } from '../support/kubectl.ts';

jest.setTimeout(120_000);

let tenant: ApprovalTenant;
beforeAll(async () => {
  tenant = await newApprovalTenant('status', { approvers: 1 });
  const { namespace, user } = tenant;
  const right = [
    'create',
    'role',
    'forger',
    '--verb=get,update,patch',
    '--resource=codeexecutionrequests/status',
  ];
  await must(['-n', namespace, ...right]);
  await must(['-n', namespace, 'create', 'rolebinding', 'forger', '--role=forger', `--user=${user}`]);
});
afterAll(() => tenant.end());

/** What a forger would write: approved by somebody, allowed, nothing wanting. */
function forged(request: CodeExecutionRequest): object {
  const { verdict, approval } = request.status;
  const approvedBy = [{ name: 'never-given', approver: 'bob', at: request.metadata.creationTimestamp }];
  const condition = {
    type: 'Approved',
    status: 'True',
    reason: 'Approved',
    message: 'Forged.',
    lastTransitionTime: request.metadata.creationTimestamp,
  };
  const others = (request.status.conditions ?? []).filter(({ type }) => type !== 'Approved');
  return {
    status: {
      verdict: { ...verdict, decision: 'Allow', reasons: [] },
      approval: { ...approval, approvedBy },
      conditions: [...others, condition],
    },
  };
}

const forge = (request: CodeExecutionRequest, flags: readonly string[] = tenant.flags) =>
  kubectl([
    ...['patch', 'cer', request.metadata.name, '--subresource=status', '--type=merge'],
    ...['-p', JSON.stringify(forged(request)), ...flags],
  ]);

async function waiting(): Promise<CodeExecutionRequest> {
  const { metadata } = await tenant.ask();
  return tenant.get(metadata.name);
}

describe('promise 06: only the operator writes status', () => {
  test('a user with the right to write status, and the administrator, are refused', async () => {
    const request = await waiting();
    for (const flags of [tenant.flags, ['-n', tenant.namespace]]) {
      const { code, stderr } = await forge(request, flags);
      expect([code === 0, stderr]).toEqual([
        false,
        expect.stringContaining('status is written by Sekisho alone'),
      ]);
    }
    expect((await tenant.get(request.metadata.name)).status).toEqual(request.status);
  });

  test('without that guard a forged approval starts nothing, and is put right', async () => {
    const request = await waiting();
    const { name } = request.metadata;
    const isOff = async () => (await forge(request, [...tenant.flags, '--dry-run=server'])).code === 0;
    const restore = await withoutGuards(['sekisho-status'], isOff);
    try {
      expect(await forge(request)).toMatchObject({ code: 0 });
      const put = await settled(
        tenant,
        name,
        (status) =>
          approvedReason(status) === 'AwaitingApproval' && status.verdict?.decision === 'RequireApproval',
        'what was forged is put right',
      );
      expect(put.status).toMatchObject({ state: 'AwaitingApproval', approval: { approvedBy: [] } });
      expect(await sandboxJobs(tenant.namespace)).toEqual([]);
    } finally {
      await restore();
    }
  });
});

import type { V1Job } from '@kubernetes/client-node';
import type { CodeExecutionRequest, SandboxClass } from '../../src/api/parse.ts';
import type { ProvenShape } from '../../src/core/observed.ts';
import { judge } from '../../src/core/verdict/judge.ts';
import { jobFor } from '../../src/objects/job.ts';
import type { Sandbox } from '../../src/objects/sandbox.ts';
import { aCase, aClass, aRole } from '../support/build.ts';

/** The sandbox that an allowed request gets. */
export function aSandbox(
  request: CodeExecutionRequest,
  shape: ProvenShape = { runtimeClassName: undefined, userNamespace: true },
  sandboxClass: SandboxClass = aClass(),
): Sandbox {
  const { verdict, limits } = judge(aCase({ spec: request.spec, sandboxClass, role: aRole() }));
  if (!limits) throw new Error('a sandbox needs limits');
  return {
    request,
    sandboxClass,
    shape,
    limits,
    digest: verdict.digest,
    namespace: 'sekisho-sandboxes',
    gateway: undefined,
    ttlSeconds: 300,
  };
}

export const jobOf = (request: CodeExecutionRequest): V1Job => jobFor(aSandbox(request));

import { describe, expect, test } from '@jest/globals';
import { parseRequest } from '../../src/api/parse.ts';
import { decide } from '../../src/core/decide.ts';
import type { Observed } from '../../src/core/observed.ts';
import { statusOf } from '../../src/core/status.ts';
import {
  aMessage,
  anObserved,
  aPod,
  approvalJudgement,
  aRequest,
  aRun,
  deniedJudgement,
  inEmergency,
  NOW,
  terminated,
  TIME,
  UNPROVEN,
} from '../support/build.ts';

function statusWith(given: Partial<Observed>) {
  const seen = anObserved(given);
  return statusOf({ seen, plan: decide(seen, NOW), problem: undefined }, TIME);
}
const ended = (exit: number) =>
  aRun({ pod: aPod({ terminated: terminated({ exitCode: exit, message: aMessage({ exit }) }) }) });

describe('status', () => {
  test.each([
    ['Denied', { judgement: deniedJudgement() }],
    ['AwaitingApproval', { judgement: approvalJudgement() }],
    ['Queued', { isolation: UNPROVEN }],
    ['Running', {}],
    ['Running', { run: aRun() }],
    ['Succeeded', { run: ended(0) }],
    ['Failed', { run: ended(1) }],
    ['Failed', { start: 'Unknown' as const }],
  ])('says %s in one word', (state, given) => expect(statusWith(given).state).toBe(state));

  test('carries the verdict, the generation and the shape that is about to start', () => {
    const request = aRequest({ metadata: { generation: 3 } });
    expect(statusWith({ request })).toMatchObject({
      observedGeneration: 3,
      verdict: { decision: 'Allow' },
      isolation: { runtime: 'default', userNamespace: true, network: 'Proven' },
    });
  });

  test('tells what the pod really got, and keeps that the network was proven', () => {
    const request = aRequest({
      status: { isolation: { runtime: 'default', userNamespace: true, network: 'Proven' } },
    });
    const run = aRun({ pod: aPod({ runtime: 'gvisor', userNamespace: false, uid: 1_000_123 }) });
    expect(statusWith({ request, run })).toMatchObject({
      jobName: 'run-1',
      isolation: {
        runtime: 'gvisor',
        userNamespace: false,
        network: 'Proven',
        uid: 1_000_123,
        node: 'node-1',
      },
    });
  });

  test('takes a proof back while the request is held', () => {
    const request = aRequest({ status: { isolation: { network: 'Proven', runtime: 'default' } } });
    expect(statusWith({ request, isolation: UNPROVEN }).isolation).toEqual({ network: 'Unproven' });
  });

  test('keeps verdict, Job and isolation that are no longer seen', () => {
    const before = statusWith({ run: aRun() });
    const after = statusWith({
      request: aRequest({ status: before }),
      judgement: undefined,
      start: 'Unknown',
    });
    expect(after).toMatchObject({
      verdict: before.verdict,
      jobName: 'run-1',
      isolation: before.isolation,
      result: { reason: 'Interrupted' },
    });
  });

  test('never loses a result', () => {
    const before = statusWith({ run: ended(0) });
    const request = aRequest({ status: before });
    expect(statusWith({ request, judgement: undefined })).toEqual(before);
  });

  test.each([
    ['denied', { judgement: deniedJudgement() }],
    ['running', { run: aRun() }],
    ['running in an emergency', inEmergency()],
    ['ended', { run: ended(1) }],
  ])('of a request that is %s fits its own schema', (_title, given) => {
    const status = statusWith(given);
    const { spec, metadata } = aRequest();
    expect(parseRequest({ metadata, spec, status })).toMatchObject({ ok: true, value: { status } });
  });
});

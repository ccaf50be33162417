import { describe, expect, test } from '@jest/globals';
import { StartLog } from '../../src/controller/starts.ts';
import { aRequest, NOW, TIME, UID } from '../support/build.ts';

const withStarted = (reason: string) =>
  aRequest({
    status: {
      conditions: [{ type: 'Started', status: 'Unknown', lastTransitionTime: TIME, reason, message: '' }],
    },
  });

describe('the log of starts', () => {
  test.each([
    ['Starting', 'Unknown'],
    ['WaitingForPod', 'Unknown'],
    ['Running', 'Unknown'],
    ['NotStarted', 'None'],
    ['NeverRan', 'None'],
  ])('after a restart takes the reason %s for %s', (reason, attempt) => {
    expect(new StartLog().attemptOf(withStarted(reason))).toBe(attempt);
  });

  test('knows nothing of a new request', () => {
    expect(new StartLog().attemptOf(aRequest())).toBe('None');
    expect(new StartLog().startedAt(UID)).toBeUndefined();
  });

  test('goes by what this process did, whatever status says', () => {
    const log = new StartLog();
    log.intend(UID, NOW);
    expect(log.attemptOf(withStarted('Starting'))).toBe('Intended');
    log.created(UID, NOW + 5);
    expect(log.attemptOf(withStarted('NotStarted'))).toBe('Created');
    expect(log.startedAt(UID)).toBe(NOW + 5);
  });

  test('never forgets a Job for a new intention', () => {
    const log = new StartLog();
    log.created(UID, NOW);
    log.intend(UID, NOW + 5);
    expect([log.attemptOf(aRequest()), log.startedAt(UID)]).toEqual(['Created', NOW]);
  });

  test('tells requests apart, and forgets the one that is finished', () => {
    const log = new StartLog();
    log.created(UID, NOW);
    expect(log.attemptOf(aRequest({ metadata: { uid: 'other' } }))).toBe('None');
    log.forget(UID);
    expect(log.attemptOf(aRequest())).toBe('None');
  });
});

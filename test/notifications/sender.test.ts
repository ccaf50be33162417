import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Notice } from '../../src/core/notice/notice.ts';
import type { Post, PostAnswer } from '../../src/notifications/post.ts';
import { NotificationSender } from '../../src/notifications/sender.ts';
import type { Credentials, SenderPorts } from '../../src/notifications/sender.ts';
import { eventually } from '../support/eventually.ts';
import { NOW, UID } from '../support/build.ts';

const KEY = Buffer.from('k'.repeat(32));
const aNotice = (name = 'weekly'): Notice => ({
  id: `id-of-${name}`,
  event: 'ApprovalWanted',
  request: { namespace: 'team-a', name, uid: UID },
  requester: 'alice',
  role: 'user',
  actions: ['send_email'],
  riskScore: 12,
  digest: 'sha256:0',
  state: 'AwaitingApproval',
  approval: { required: 1, approvedBy: [], approveBy: '2026-11-24T12:00:00Z' },
});

type Answer = number | Error | PostAnswer;

/** A receiver that answers as told, the last answer for ever. */
function aSender(answers: readonly Answer[], given: Partial<SenderPorts> = {}) {
  const posts: Post[] = [];
  const outcomes: string[] = [];
  const pauses: number[] = [];
  const lines: object[] = [];
  const world = { now: NOW, leads: true };
  const sender = new NotificationSender(
    {
      url: 'https://chat.example/hook',
      linkTemplate: 'https://sekisho.example/{namespace}/{name}?uid={uid}',
    },
    {
      post: async (post) => {
        const answer = answers[Math.min(posts.length, answers.length - 1)] ?? 200;
        posts.push(post);
        if (answer instanceof Error) throw answer;
        return typeof answer === 'number' ? { status: answer, retryAfterSeconds: undefined } : answer;
      },
      credentials: async (): Promise<Credentials> => ({ key: KEY, ca: undefined }),
      mayTell: () => world.leads,
      told: (outcome) => void outcomes.push(outcome),
      logger: { error: (fields) => void lines.push(fields) },
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
        world.now += milliseconds;
      },
      now: () => world.now,
      random: () => 0.5,
      ...given,
    },
  );
  const settled = (count = 1) =>
    eventually(() => outcomes.length >= count, { what: 'it is settled', timeoutMilliseconds: 5000 });
  return { sender, posts, outcomes, pauses, lines, world, settled };
}

describe('a notification', () => {
  test('is signed over time and body, and has a link that only shows', async () => {
    const { sender, posts, outcomes, settled } = aSender([204]);
    sender.tell(aNotice());
    await settled();
    const [{ url, headers, body } = { url: '', headers: {} as Record<string, string>, body: '' }] = posts;
    expect([url, outcomes]).toEqual(['https://chat.example/hook', ['delivered']]);
    expect(JSON.parse(body)).toEqual({
      ...aNotice(),
      link: `https://sekisho.example/team-a/weekly?uid=${UID}`,
    });
    const timestamp = String(NOW / 1000);
    const mac = createHmac('sha256', KEY).update(`${timestamp}.${body}`).digest('hex');
    expect(headers).toMatchObject({
      'sekisho-delivery': 'id-of-weekly',
      'sekisho-event': 'ApprovalWanted',
      'sekisho-timestamp': timestamp,
      'sekisho-signature': `v1=${mac}`,
    });
  });

  test('is tried again with growing pauses under the same id and a new time, until it is taken', async () => {
    const answers = [500, new Error('ECONNREFUSED'), 429, 200];
    const { sender, posts, outcomes, pauses, lines, settled } = aSender(answers);
    sender.tell(aNotice());
    await settled();
    expect([outcomes, lines]).toEqual([['delivered'], []]);
    expect(pauses).toEqual([750, 1500, 3000]);
    expect(new Set(posts.map(({ headers }) => headers['sekisho-delivery'])).size).toBe(1);
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    expect(posts.at(-1)?.headers['sekisho-timestamp']).toBe(String(Math.floor((NOW + 5250) / 1000)));
  });

  test('waits as long as the receiver asks, within a bound', async () => {
    const { sender, pauses, settled } = aSender([
      { status: 503, retryAfterSeconds: 20 },
      { status: 503, retryAfterSeconds: 86_400 },
      200,
    ]);
    sender.tell(aNotice());
    await settled();
    expect(pauses).toEqual([20_000, 60_000]);
  });

  test.each([
    ['a redirect', 302],
    ['a refusal', 401],
    ['a receiver that is gone', 410],
  ])('is not tried again after %s, and is told as failed', async (_what, status) => {
    const { sender, posts, outcomes, lines, settled } = aSender([status, 200]);
    sender.tell(aNotice());
    await settled();
    expect([posts.length, outcomes]).toEqual([1, ['failed']]);
    expect(lines).toMatchObject([{ delivery: 'id-of-weekly', why: `the receiver answered ${status}` }]);
  });

  test('that nobody takes is given up in the end, and told with why', async () => {
    const { sender, posts, outcomes, lines, settled } = aSender([new Error('ECONNREFUSED')]);
    sender.tell(aNotice());
    await settled();
    expect([posts.length, outcomes]).toEqual([8, ['failed']]);
    expect(lines).toMatchObject([{ name: 'weekly', attempts: 8, why: 'ECONNREFUSED' }]);
  });

  test('is never sent under a key that is too short', async () => {
    const credentials = async () => ({ key: Buffer.from('k'.repeat(31)), ca: undefined });
    const { sender, posts, lines, settled } = aSender([200], { credentials });
    sender.tell(aNotice());
    await settled();
    expect([posts, lines]).toMatchObject([[], [{ why: expect.stringContaining('at least 32') }]]);
  });

  test('beyond two thousand that wait is dropped and counted', async () => {
    const { sender, outcomes, settled } = aSender([200]);
    for (let number = 0; number < 2001; number += 1) sender.tell(aNotice(`r${number}`));
    expect(outcomes).toEqual(['dropped']);
    await settled(2001);
    expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(2000);
  });

  test('is not sent by a process that no longer leads', async () => {
    const { sender, posts, outcomes, world, lines, settled } = aSender([500, 200]);
    world.leads = false;
    sender.tell(aNotice());
    await settled();
    expect([posts, outcomes]).toEqual([[], ['failed']]);
    expect(lines).toMatchObject([{ why: expect.stringContaining('does not lead') }]);
  });

  test('that is under way when the process ends is told as failed', async () => {
    const { sender, outcomes, lines } = aSender([500], {
      pause: (_milliseconds, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
    });
    sender.tell(aNotice());
    await sender.close();
    expect([outcomes, lines.length]).toEqual([['failed'], 1]);
    sender.tell(aNotice('late'));
    expect(outcomes).toEqual(['failed', 'dropped']);
  });
});

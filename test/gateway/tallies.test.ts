import { expect, test } from '@jest/globals';
import { Tallies } from '../../src/gateway/tallies.ts';

const UNTIL = 10_000_000;
const attempts = (tallies: Tallies, times: number, now: number): number =>
  Array.from({ length: times }, () => tallies.attempt('a', { perMinute: 10 }, { now, until: UNTIL })).filter(
    (wait) => wait === 0,
  ).length;

test('so many in a minute, and again in the next', () => {
  const tallies = new Tallies();
  expect(attempts(tallies, 20, 0)).toBe(10);
  expect(tallies.attempt('a', { perMinute: 10 }, { now: 30_000, until: UNTIL })).toBe(30);
  expect(attempts(tallies, 20, 180_000)).toBe(10);
});

test('the end of one minute and the begin of the next are no loophole', () => {
  const tallies = new Tallies();
  expect(attempts(tallies, 1, 0)).toBe(1);
  expect(attempts(tallies, 20, 59_000)).toBe(9);
  expect(attempts(tallies, 20, 61_000)).toBeLessThanOrEqual(1);
});

test('what was spent stays spent until the request is over, and is forgotten then', () => {
  const tallies = new Tallies();
  const spend = (key: string, now: number): boolean =>
    tallies.spend(key, { inAll: 1 }, { now, until: 600_000 });
  expect(spend('a', 0)).toBe(true);
  for (let n = 0; n < 5000; n += 1) spend(`b${n}`, 1);
  expect(spend('a', 599_000)).toBe(false);
  expect(tallies.hasLeft('a', { inAll: 1 })).toBe(false);
  expect(tallies.size).toBe(5001);
  tallies.spend('c', { inAll: 1 }, { now: 800_000, until: UNTIL });
  expect(tallies.size).toBe(1);
});

test('each key by itself', () => {
  const tallies = new Tallies();
  expect(attempts(tallies, 20, 0)).toBe(10);
  expect(tallies.attempt('b', { perMinute: 1 }, { now: 0, until: UNTIL })).toBe(0);
});

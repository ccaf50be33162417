import { expect, test } from '@jest/globals';
import { SignInLimit } from '../../src/console/sign-in-limit.ts';

test('addresses together are limited too, so that many of them help nobody', () => {
  const limit = new SignInLimit(() => 0);
  for (let index = 0; index < 300; index += 1) limit.failed(`10.0.${index}.1`, 'x');
  expect(limit.isBlocked('192.0.2.1', 'never-seen')).toBe(true);
});

test('a token that was good and is refused now counts as any other', () => {
  const limit = new SignInLimit(() => 0);
  limit.succeeded('key');
  for (let index = 0; index < 10; index += 1) limit.failed('10.0.0.1', `other-${index}`);
  expect(limit.isBlocked('10.0.0.1', 'key')).toBe(false);
  limit.failed('10.0.0.1', 'key');
  expect(limit.isBlocked('10.0.0.1', 'key')).toBe(true);
});

test('what is remembered of callers is bounded: the oldest is forgotten', () => {
  const limit = new SignInLimit(() => 0);
  for (let index = 0; index < 1001; index += 1) limit.succeeded(`key-${index}`);
  for (let index = 0; index < 10; index += 1) limit.failed('10.0.0.1', 'x');
  expect([limit.isBlocked('10.0.0.1', 'key-0'), limit.isBlocked('10.0.0.1', 'key-1000')]).toEqual([
    true,
    false,
  ]);
});

import { z } from 'zod';
import type { NewEvent, Range } from './icalendar.ts';

const DAY = 86_400_000;
const MAX_DAYS = 366;

/** What the caller got wrong, in a sentence that it may read. */
export class InputError extends Error {}

const time = z.iso
  .datetime({
    offset: true,
    // What follows wants a Date.
    abort: true,
    error: 'must be a time with its offset, for example 2026-12-01T09:30:00+09:00',
  })
  // iCalendar knows whole seconds.
  .transform((text) => new Date(Math.floor(Date.parse(text) / 1000) * 1000));
const line = (length: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(length)
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters');

const newEvent = z
  .strictObject({
    summary: line(256),
    start: time,
    end: time,
    location: line(256).optional(),
    description: z.string().trim().max(2048).optional(),
  })
  .refine(({ start, end }) => start < end, { path: ['end'], error: 'must be after start' })
  .refine(({ start, end }) => end.getTime() - start.getTime() <= 31 * DAY, {
    path: ['end'],
    error: 'must be at most 31 days after start',
  });

const range = z.strictObject({
  days: z.coerce.number().int().min(1).max(MAX_DAYS).optional(),
  from: time.optional(),
  to: time.optional(),
});

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw new InputError(`${issue?.path.join('.') || 'the request'}: ${issue?.message ?? 'is not understood'}`);
}

/** `from` and `to`, or so many `days` from `from` or now on. */
export function rangeOf(query: URLSearchParams, now: Date): Range {
  if (new Set(query.keys()).size !== query.size) throw new InputError('the request: names a parameter twice');
  const { days, from = now, to } = parsed(range, Object.fromEntries(query));
  if (days !== undefined && to !== undefined) throw new InputError('to: give either days or to');
  const end = to ?? new Date(from.getTime() + (days ?? 7) * DAY);
  if (end <= from) throw new InputError('to: must be after from');
  if (end.getTime() - from.getTime() > MAX_DAYS * DAY)
    throw new InputError(`to: must be at most ${MAX_DAYS} days after from`);
  return { from, to: end };
}

export function newEventOf(body: string): NewEvent {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new InputError('the request: is no JSON');
  }
  return parsed(newEvent, value);
}

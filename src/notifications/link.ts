import type { Notice } from '../core/notice/notice.ts';

const PLACES = ['namespace', 'name', 'uid'] as const;
const PLACE = /\{([^{}]*)\}/g;

/** What is wrong with a template; undefined when nothing is. */
export function templateFault(template: string): string | undefined {
  const unknown = [...template.matchAll(PLACE)].find(([, place]) => !PLACES.some((known) => known === place));
  if (unknown) return `${unknown[0]} is no place of it; there are {namespace}, {name} and {uid}`;
  return /^https?:\/\/[^{}/]+(\/|$)/.test(template) ? undefined : 'write https://HOST/…';
}

/** Where people look at a request. Looking is all that a link does: deciding takes another step, by a person who has signed in. */
export const linkTo = (template: string, { request }: Pick<Notice, 'request'>): string =>
  template.replaceAll(PLACE, (_whole, place: (typeof PLACES)[number]) => encodeURIComponent(request[place]));

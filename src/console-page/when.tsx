import type { PageLocale } from './words.ts';

const FORMATS: Readonly<Record<PageLocale, Intl.DateTimeFormat>> = {
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
  ja: new Intl.DateTimeFormat('ja-JP', { dateStyle: 'medium', timeStyle: 'short' }),
};

/** A moment in the reader's own time zone. */
export function When({ time, locale }: { readonly time: string; readonly locale: PageLocale }) {
  const at = Date.parse(time);
  return Number.isNaN(at) ? <>{time}</> : <time dateTime={time}>{FORMATS[locale].format(at)}</time>;
}

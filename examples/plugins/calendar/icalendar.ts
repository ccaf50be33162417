/** Between iCalendar, vCard and the plain JSON that programs get. */
import ICAL from 'ical.js';

export interface Range {
  readonly from: Date;
  readonly to: Date;
}

export interface NewEvent {
  readonly summary: string;
  readonly start: Date;
  readonly end: Date;
  readonly location?: string | undefined;
  readonly description?: string | undefined;
}

/** Start and end are points in time, or days where the event takes whole days. */
export interface PlainEvent {
  readonly id: string;
  readonly summary: string;
  readonly start: string;
  readonly end: string;
  readonly location?: string;
  readonly description?: string;
}

export interface Contact {
  readonly name: string;
  readonly mail?: string;
  readonly phone?: string;
  readonly organisation?: string;
}

/** Occurrences looked at of one event: a daily one for ten years. */
const MAX_OCCURRENCES = 3660;

const MONTH = 31 * 86_400_000;

const bounded = (text: string, length: number): string =>
  text.length > length ? text.slice(0, length) : text;

const plainTime = (time: ICAL.Time): string =>
  time.isDate ? time.toString() : time.toJSDate().toISOString().replace('.000Z', 'Z');

interface Occurrence {
  readonly item: ICAL.Event;
  readonly startDate: ICAL.Time;
  readonly endDate: ICAL.Time;
}

function* repetitionsOf(event: ICAL.Event): Iterable<Occurrence> {
  const iterator = event.iterator();
  for (let count = 0; count < MAX_OCCURRENCES; count += 1) {
    // At the end there is none, whatever its type says.
    const next = iterator.next() as ICAL.Time | undefined;
    if (!next) return;
    yield event.getOccurrenceDetails(next);
  }
}

function occurrencesOf(event: ICAL.Event, { from, to }: Range): readonly Occurrence[] {
  const once = { item: event, startDate: event.startDate, endDate: event.endDate };
  const all: Occurrence[] = [];
  for (const one of event.isRecurring() ? repetitionsOf(event) : [once]) {
    // A moved one may come earlier than its neighbours: the last to be looked at lies a month behind the range.
    if (one.startDate.toJSDate().getTime() > to.getTime() + MONTH) break;
    if (one.startDate.toJSDate() < to && one.endDate.toJSDate() > from) all.push(one);
  }
  return all;
}

function plainEvent({ item, startDate, endDate }: Occurrence): PlainEvent {
  const { uid, summary, location, description } = item;
  return {
    id: bounded(uid, 256),
    summary: bounded(summary ?? '', 256),
    start: plainTime(startDate),
    end: plainTime(endDate),
    ...(location ? { location: bounded(location, 256) } : {}),
    ...(description ? { description: bounded(description, 2048) } : {}),
  };
}

/** The events of one iCalendar object that touch the range, each repetition by itself. */
export function eventsOf(icalendar: string, range: Range): readonly PlainEvent[] {
  const calendar = new ICAL.Component(ICAL.parse(icalendar) as unknown[]);
  const [main] = calendar.getAllSubcomponents('vevent').filter((one) => !one.hasProperty('recurrence-id'));
  // Changed repetitions stand beside the event; it finds them by itself.
  return main ? occurrencesOf(new ICAL.Event(main), range).map(plainEvent) : [];
}

export function icalendarOf(id: string, event: NewEvent, stamp: Date): string {
  const calendar = new ICAL.Component(['vcalendar', [], []]);
  calendar.updatePropertyWithValue('version', '2.0');
  calendar.updatePropertyWithValue('prodid', '-//Sekisho//calendar example//EN');
  const component = new ICAL.Component('vevent');
  const time = (date: Date): ICAL.Time => ICAL.Time.fromJSDate(date, true);
  component.updatePropertyWithValue('uid', id);
  component.updatePropertyWithValue('dtstamp', time(stamp));
  component.updatePropertyWithValue('dtstart', time(event.start));
  component.updatePropertyWithValue('dtend', time(event.end));
  component.updatePropertyWithValue('summary', event.summary);
  if (event.location) component.updatePropertyWithValue('location', event.location);
  if (event.description) component.updatePropertyWithValue('description', event.description);
  calendar.addSubcomponent(component);
  return calendar.toString();
}

/** The event as it will be read back. */
export const plainEventOf = (
  id: string,
  { summary, start, end, location, description }: NewEvent,
): PlainEvent => ({
  id,
  summary,
  start: start.toISOString().replace('.000Z', 'Z'),
  end: end.toISOString().replace('.000Z', 'Z'),
  ...(location ? { location } : {}),
  ...(description ? { description } : {}),
});

export function contactOf(vcard: string): Contact {
  const card = new ICAL.Component(ICAL.parse(vcard) as unknown[]);
  const value = (name: string): string => {
    const found: unknown = card.getFirstPropertyValue(name);
    const first: unknown = Array.isArray(found) ? found[0] : found;
    return bounded(typeof first === 'string' ? first : '', 256);
  };
  const [mail, phone, organisation] = [value('email'), value('tel'), value('org')];
  return {
    name: value('fn'),
    ...(mail ? { mail } : {}),
    ...(phone ? { phone } : {}),
    ...(organisation ? { organisation } : {}),
  };
}

export function vcardOf(id: string, { name, mail, phone, organisation }: Contact): string {
  const card = new ICAL.Component(['vcard', [], []]);
  card.updatePropertyWithValue('version', '4.0');
  card.updatePropertyWithValue('uid', id);
  card.updatePropertyWithValue('fn', name);
  if (mail) card.updatePropertyWithValue('email', mail);
  if (phone) card.updatePropertyWithValue('tel', phone);
  if (organisation) card.updatePropertyWithValue('org', organisation);
  return card.toString();
}

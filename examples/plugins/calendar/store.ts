import { DAVClient } from 'tsdav';
import type { DAVAddressBook, DAVCalendar } from 'tsdav';
import type { Contact, NewEvent, PlainEvent, Range } from './icalendar.ts';
import { contactOf, eventsOf, icalendarOf, plainEventOf, vcardOf } from './icalendar.ts';
import type { DavSettings } from './settings.ts';

/** Most events and contacts that are handed over; who needs more asks for less time. */
const MAX_ITEMS = 500;

/** Events and contacts on a CalDAV and CardDAV server. A rejected promise: it could not be asked, or said no. */
export interface Store {
  readonly events: (range: Range) => Promise<readonly PlainEvent[]>;
  readonly create: (id: string, event: NewEvent, stamp: Date) => Promise<PlainEvent>;
  readonly contacts: () => Promise<readonly Contact[]>;
  /** Makes calendar and address book where they are missing. */
  readonly prepare: () => Promise<void>;
  readonly addContact: (id: string, contact: Contact) => Promise<void>;
}

/** Each request has its time, and goes nowhere else than to the server itself. */
function fetchFrom({ url: server, timeoutMilliseconds }: DavSettings): typeof fetch {
  const { origin } = new URL(server);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) throw new Error(`the calendar server leads away, to ${url.origin}`);
    // Where it leads, tsdav reads itself, and asks here again.
    return fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMilliseconds) });
  };
}

async function clientFor(settings: DavSettings, kind: 'caldav' | 'carddav'): Promise<DAVClient> {
  const client = new DAVClient({
    serverUrl: settings.url,
    credentials: { username: settings.user, password: settings.password() },
    authMethod: 'Basic',
    defaultAccountType: kind,
    fetch: fetchFrom(settings),
  });
  await client.login();
  return client;
}

/** Once; again after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

function named<T extends { readonly url: string }>(collections: readonly T[], name: string): T {
  const found = collections.find(({ url }) => new URL(url).pathname.endsWith(`/${name}/`));
  if (!found) throw new Error(`the calendar server has no collection ${name}`);
  return found;
}

function assertStored(response: Response): void {
  if (!response.ok) throw new Error(`the calendar server answered ${response.status}`);
}

const iso = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

interface Collections {
  readonly calendars: () => Promise<DAVClient>;
  readonly contacts: () => Promise<DAVClient>;
  readonly calendar: () => Promise<DAVCalendar>;
  readonly addressBook: () => Promise<DAVAddressBook>;
}

function collectionsOf(settings: DavSettings): Collections {
  const calendars = once(() => clientFor(settings, 'caldav'));
  const contacts = once(() => clientFor(settings, 'carddav'));
  return {
    calendars,
    contacts,
    calendar: once(async () => named(await (await calendars()).fetchCalendars(), settings.calendar)),
    addressBook: once(async () => named(await (await contacts()).fetchAddressBooks(), settings.addressBook)),
  };
}

async function prepare(settings: DavSettings, { calendars, contacts }: Collections): Promise<void> {
  const [caldav, carddav] = [await calendars(), await contacts()];
  const urlOf = (name: string): string => new URL(`${name}/`, caldav.account?.homeUrl ?? settings.url).href;
  const has = (found: readonly { readonly url: string }[], name: string): boolean =>
    found.some(({ url }) => new URL(url).pathname.endsWith(`/${name}/`));
  if (!has(await caldav.fetchCalendars(), settings.calendar))
    await caldav.makeCalendar({ url: urlOf(settings.calendar), props: { displayname: settings.calendar } });
  if (!has(await carddav.fetchAddressBooks(), settings.addressBook))
    await carddav.makeCollection({
      url: urlOf(settings.addressBook),
      props: {
        displayname: settings.addressBook,
        resourcetype: { 'd:collection': {}, 'card:addressbook': {} },
      },
    });
}

export function storeAt(settings: DavSettings): Store {
  const collections = collectionsOf(settings);
  const { calendars, contacts, calendar, addressBook } = collections;
  return {
    events: async (range) => {
      const timeRange = { start: iso(range.from), end: iso(range.to) };
      const objects = await (
        await calendars()
      ).fetchCalendarObjects({ calendar: await calendar(), timeRange });
      const events = objects.flatMap(({ data }) => eventsOf(String(data), range));
      return events.toSorted((a, b) => (a.start < b.start ? -1 : 1)).slice(0, MAX_ITEMS);
    },
    create: async (id, event, stamp) => {
      const [client, into] = [await calendars(), await calendar()];
      const iCalString = icalendarOf(id, event, stamp);
      assertStored(await client.createCalendarObject({ calendar: into, filename: `${id}.ics`, iCalString }));
      return plainEventOf(id, event);
    },
    contacts: async () => {
      const cards = await (await contacts()).fetchVCards({ addressBook: await addressBook() });
      const found = cards.map(({ data }) => contactOf(String(data)));
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_ITEMS);
    },
    prepare: () => prepare(settings, collections),
    addContact: async (id, contact) => {
      const [client, into] = [await contacts(), await addressBook()];
      const vCardString = vcardOf(id, contact);
      const response = await client.createVCard({ addressBook: into, filename: `${id}.vcf`, vCardString });
      // 412: it is there already.
      if (response.status !== 412) assertStored(response);
    },
  };
}

import type { Contact } from './icalendar.ts';
import type { Store } from './store.ts';

/** Days from now, hour (UTC) and length in minutes. */
const EVENTS = [
  { id: 'stand-up', summary: 'Stand-up', day: 1, hour: 0, minutes: 15, location: 'Room 2' },
  { id: 'review', summary: '設計レビュー', day: 2, hour: 5, minutes: 60, location: '会議室 3' },
  { id: 'dentist', summary: 'Dentist', day: 4, hour: 6, minutes: 45, location: undefined },
  { id: 'retrospective', summary: 'Retrospective', day: 12, hour: 7, minutes: 60, location: 'Room 2' },
] as const;

const CONTACTS: readonly (Contact & { readonly id: string })[] = [
  {
    id: 'hanako',
    name: '田中 花子',
    mail: 'hanako@example.com',
    phone: '+81-3-5550-0101',
    organisation: 'Example',
  },
  {
    id: 'taro',
    name: '佐藤 太郎',
    mail: 'taro@example.com',
    phone: '+81-3-5550-0102',
    organisation: 'Example',
  },
  {
    id: 'ada',
    name: 'Ada Byron',
    mail: 'ada@example.org',
    phone: '+44-20-7946-0103',
    organisation: 'Engines',
  },
];

const DAY = 86_400_000;

/** Fills calendar and address book with a few entries. A second time on the same day changes nothing. */
export async function fill(store: Store, now: Date): Promise<void> {
  await store.prepare();
  const today = Math.floor(now.getTime() / DAY) * DAY;
  for (const { id, summary, day, hour, minutes, location } of EVENTS) {
    const start = new Date(today + day * DAY + hour * 3_600_000);
    const end = new Date(start.getTime() + minutes * 60_000);
    const name = `${id}-${start.toISOString().slice(0, 10)}`;
    await store.create(name, { summary, start, end, location }, now).catch((error: unknown) => {
      if (!String(error).includes('412')) throw error;
    });
  }
  for (const { id, ...contact } of CONTACTS) await store.addContact(id, contact);
}

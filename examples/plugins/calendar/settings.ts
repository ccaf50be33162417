import { readFileSync } from 'node:fs';

/** What the adapter is told by its environment. Secrets are files, read when they are needed: they may be renewed. */
export interface Settings {
  readonly port: number;
  /** What a caller must bring as its bearer token. */
  readonly token: () => string;
  readonly dav: DavSettings;
}

export interface DavSettings {
  readonly url: string;
  readonly user: string;
  readonly password: () => string;
  /** Last part of the URL of the calendar, and of the address book. */
  readonly calendar: string;
  readonly addressBook: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`${name} must be set`);
  return value;
}

function secret(path: string): () => string {
  return () => {
    const value = readFileSync(path, 'utf8').trim();
    if (value === '') throw new Error(`${path} is empty`);
    return value;
  };
}

export function settingsOf(environment: Environment): Settings {
  const port = Number(environment['PORT'] ?? '8080');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT must be a port');
  return {
    port,
    token: secret(required(environment, 'ADAPTER_TOKEN_FILE')),
    dav: {
      url: required(environment, 'CALDAV_URL'),
      user: required(environment, 'CALDAV_USER'),
      password: secret(required(environment, 'CALDAV_PASSWORD_FILE')),
      calendar: environment['CALDAV_CALENDAR'] ?? 'work',
      addressBook: environment['CALDAV_ADDRESS_BOOK'] ?? 'people',
    },
  };
}

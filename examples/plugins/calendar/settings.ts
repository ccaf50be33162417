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
  /** That the server may take for one request. */
  readonly timeoutMilliseconds: number;
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

function numberOf(environment: Environment, name: string, otherwise: number): number {
  const value = Number(environment[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new Error(`${name} must be 0 to 65535`);
  return value;
}

export function settingsOf(environment: Environment): Settings {
  return {
    port: numberOf(environment, 'PORT', 8080),
    token: secret(required(environment, 'ADAPTER_TOKEN_FILE')),
    dav: {
      url: required(environment, 'CALDAV_URL'),
      user: required(environment, 'CALDAV_USER'),
      password: secret(required(environment, 'CALDAV_PASSWORD_FILE')),
      calendar: environment['CALDAV_CALENDAR'] ?? 'work',
      addressBook: environment['CALDAV_ADDRESS_BOOK'] ?? 'people',
      timeoutMilliseconds: numberOf(environment, 'CALDAV_TIMEOUT_MILLISECONDS', 5000),
    },
  };
}

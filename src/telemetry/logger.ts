import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Structured logging: a constant message, and what varies in fields before it. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds these fields to each line. */
  child(fields: Record<string, unknown>): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly name: string;
  /** Standard output unless told. */
  readonly destination?: DestinationStream | undefined;
}

const REDACTED = '[redacted]';

/** What is never written, at whatever depth: code and its input and output, and what lets somebody in. */
const SECRET_KEYS = new Set([
  'code',
  'files',
  'stdin',
  'stdout',
  'stderr',
  'output',
  'excerpt',
  'env',
  'token',
  'authorization',
  'cookie',
  'password',
  'cert',
  'key.pem',
  'privatekey',
  'cabundle',
]);

/** Deeper than this nothing is of use in a line, and a cycle ends here. */
const DEPTH_LIMIT = 6;
const TEXT_LIMIT = 4096;

/** What errors of ours and of Node carry beside their message. */
type Described = Error & {
  readonly kind?: unknown;
  readonly status?: unknown;
  readonly reason?: unknown;
  readonly code?: unknown;
};

function cleanError(error: Described, depth: number): object {
  const { kind, status, reason, code } = error;
  return {
    type: error.name,
    message: shorten(error.message),
    stack: shorten(error.stack ?? ''),
    ...(kind === undefined ? {} : { kind, status, reason }),
    // A word such as ECONNRESET; a program under the same name would be longer.
    ...(typeof code === 'string' && code.length <= 64 ? { errno: code } : {}),
    ...(error.cause === undefined ? {} : { cause: cleanValue(error.cause, depth + 1) }),
  };
}

const shorten = (text: string): string => (text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text);

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shorten(value);
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'object' && value !== null ? cleanObject(value, depth) : value;
}

function cleanObject(value: object, depth: number): unknown {
  if (depth >= DEPTH_LIMIT) return '[deep]';
  if (value instanceof Error) return cleanError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return '[bytes]';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => cleanValue(item, depth + 1));
  if (value instanceof Map || value instanceof Set) return `[${value.constructor.name} of ${value.size}]`;
  return cleanFields(value, depth);
}

function cleanFields(fields: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const isSecret = SECRET_KEYS.has(name.toLowerCase()) && value !== undefined;
    clean[name] = isSecret ? REDACTED : cleanValue(value, depth + 1);
  }
  return clean;
}

/** Everything is cleaned here, before pino sees it: its own formatters are not asked for the fields of a child. */
function cleaned(to: PinoLogger): Logger {
  const at = (level: LogLevel) => (fields: object, message: string) => {
    if (!to.isLevelEnabled(level)) return;
    to[level](fields instanceof Error ? { err: cleanError(fields, 0) } : cleanFields(fields, 0), message);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => cleaned(to.child(cleanFields(fields, 0))),
  };
}

/** JSON lines with ISO times. Fields that hold code, output or secrets are replaced, however deep they are. */
export function createLogger({ level, name, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { name },
    timestamp: stdTimeFunctions.isoTime,
    // pino would take errors apart once more.
    serializers: { err: (value: unknown) => value },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return cleaned(destination === undefined ? pino(options) : pino(options, destination));
}

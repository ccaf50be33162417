/** What a request is for, read out of its method and raw URL before anything else is looked at. Pure. */
export type Target =
  | { readonly kind: 'Call'; readonly plugin: string; readonly operation: string }
  | { readonly kind: 'List' }
  | { readonly kind: 'Mcp' }
  /** The standing stream or the session's end of older revisions of MCP, asked for by every such client: no call, and not offered. */
  | { readonly kind: 'McpStream' }
  | { readonly kind: 'Bad'; readonly code: 'BadTarget' }
  | { readonly kind: 'Bad'; readonly code: 'BadMethod'; readonly allow: 'GET' | 'POST' };

/** Longer than any path that exists here. */
const MAX_URL_CHARACTERS = 256;

const PLUGIN = '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?';
/** One underscore at a time: two of them are how others join the names of a plugin and its operation. */
const OPERATION = '(?!\\w*__)[a-z][a-z0-9_]{0,62}';

const CALL = new RegExp(`^/v1/plugins/(${PLUGIN})/operations/(${OPERATION})$`);
const TOOL = new RegExp(`^(${PLUGIN})\\.(${OPERATION})$`);

/** Where an operation is called. */
export const callPath = (plugin: string, operation: string): string =>
  `/v1/plugins/${plugin}/operations/${operation}`;

/** What an operation is called as a tool. */
export const toolName = (plugin: string, operation: string): string => `${plugin}.${operation}`;

export interface OperationName {
  readonly plugin: string;
  readonly operation: string;
}

/** Takes a tool's name apart; undefined where it is not written exactly as `toolName` writes it. */
export function namesOfTool(name: string): OperationName | undefined {
  const [, plugin, operation] = (name.length <= MAX_URL_CHARACTERS && TOOL.exec(name)) || [];
  return plugin !== undefined && operation !== undefined ? { plugin, operation } : undefined;
}

const BAD: Target = { kind: 'Bad', code: 'BadTarget' };

function placeOf(url: string): { readonly method: 'GET' | 'POST'; readonly target: Target } | undefined {
  if (url === '/mcp') return { method: 'POST', target: { kind: 'Mcp' } };
  if (url === '/v1/plugins') return { method: 'GET', target: { kind: 'List' } };
  const [, plugin, operation] = CALL.exec(url) ?? [];
  if (plugin === undefined || operation === undefined) return undefined;
  return { method: 'POST', target: { kind: 'Call', plugin, operation } };
}

/**
 * Nothing is decoded, normalised or cut off: a path is one of ours, letter by letter, or it is none. So there is no second way to
 * write a name, and nothing that the next stage could read differently.
 */
export function targetOf(method: string, url: string): Target {
  if (url.length > MAX_URL_CHARACTERS) return BAD;
  if (url === '/mcp' && (method === 'GET' || method === 'DELETE')) return { kind: 'McpStream' };
  const place = placeOf(url);
  if (!place) return BAD;
  return method === place.method ? place.target : { kind: 'Bad', code: 'BadMethod', allow: place.method };
}

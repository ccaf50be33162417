import type { Json, JsonObject } from '../../core/json/strict-json.ts';
import { MAX_JSON_DEPTH } from '../../api/v1alpha1/plugin.ts';

/** Method and arguments stand two levels below the top of a message. */
export const MAX_MESSAGE_DEPTH = MAX_JSON_DEPTH + 2;

/** What is answered here; all other methods of MCP are not served. */
const METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
]);
const NOTIFICATION = /^notifications\/[a-z_/]{1,63}$/;

export type McpMessage =
  | { readonly kind: 'Served'; readonly message: JsonObject }
  | { readonly kind: 'NotServed'; readonly id: string | number; readonly method: string }
  | { readonly kind: 'Bad'; readonly detail: string };

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** One message of JSON-RPC, of a method that is served. Batches, which newer revisions do not have either, are not. Pure. */
export function messageOf(value: Json): McpMessage {
  if (!isObject(value)) return { kind: 'Bad', detail: 'Send one message of JSON-RPC, not a batch.' };
  const { jsonrpc, method, id } = value;
  if (jsonrpc !== '2.0' || typeof method !== 'string')
    return { kind: 'Bad', detail: 'The body is no message of JSON-RPC 2.0.' };
  if (METHODS.has(method) || (id === undefined && NOTIFICATION.test(method)))
    return { kind: 'Served', message: value };
  if (typeof id === 'string' || typeof id === 'number') return { kind: 'NotServed', id, method };
  return { kind: 'Bad', detail: 'The method is not served.' };
}

const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

/** Whether a client of the newer revisions says that it can ask its user. */
export function canAsk(message: JsonObject): boolean {
  const params = message['params'];
  const meta = isObject(params) ? params['_meta'] : undefined;
  const capabilities = isObject(meta) ? meta[CAPABILITIES] : undefined;
  return isObject(capabilities) && isObject(capabilities['elicitation']);
}

export interface ToolCall {
  readonly name: string;
  readonly args: Json;
}

/** The tool that a message calls, as it was sent; nothing that a library made of it. */
export function toolCallOf(message: JsonObject): ToolCall | undefined {
  const params = message['params'];
  if (!isObject(params) || typeof params['name'] !== 'string') return undefined;
  return { name: params['name'], args: params['arguments'] ?? {} };
}

import { z } from 'zod';
import { actionName, objectName } from './names.ts';

/** Deepest nesting of arguments, of answers, and of the schemas that check them. */
export const MAX_JSON_DEPTH = 16;

/** Name of an operation: an identifier in Python and JavaScript, so that `plugins.calendar.read_events()` can be written. */
export const operationName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z][a-z0-9_]*$/);

const argumentName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/);

/** RFC 9110 token, as far as header names go. */
const headerName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/);

const jsonSchema = (what: string) =>
  z
    .record(z.string(), z.unknown())
    .meta({ 'x-kubernetes-preserve-unknown-fields': true })
    .describe(
      `JSON Schema (2020-12) of ${what}. No remote $ref; patterns are RE2 (linear time); at most ${MAX_JSON_DEPTH} levels.`,
    );

const credential = z.object({
  secretName: objectName.describe(
    'Secret in the namespace of the gateway. The chart grants the gateway `get` on the names in gateway.credentialSecrets, and on no others.',
  ),
  key: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[-._a-zA-Z0-9]+$/)
    .default('token')
    .describe('Key in the Secret.'),
  header: headerName.default('Authorization').describe('Header that carries the credential.'),
  prefix: z
    .string()
    .max(32)
    .regex(/^[\x20-\x7e]*$/)
    .default('Bearer ')
    .describe('What stands before the value of the Secret, for example "Bearer " or "Basic ".'),
});

const upstream = z
  .object({
    protocol: z
      .enum(['HTTP', 'MCP'])
      .default('HTTP')
      .describe(
        'HTTP: each operation is a request. MCP: each operation is a tool of a server (Streamable HTTP).',
      ),
    url: z
      .string()
      .min(8)
      .max(1024)
      .regex(
        /^https?:\/\/([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?(\/[A-Za-z0-9._~/-]*)?$/,
      )
      .describe(
        'Origin, and what stands before the path of each operation (HTTP) or the endpoint (MCP), for example https://calendar.example.com/api. No user, query or fragment.',
      ),
    allowedCIDRs: z
      .array(z.string().min(3).max(49))
      .max(16)
      .optional()
      .meta({ 'x-kubernetes-list-type': 'set' })
      .describe(
        'Address ranges beside the public ones that the name may resolve to, for example ["10.96.0.0/12"] for a Service of the cluster. Loopback, link-local, multicast and metadata addresses are never reached.',
      ),
    credential: credential.optional().describe('Sent to this exact origin and to no other.'),
    caBundle: z
      .string()
      .max(65_536)
      .optional()
      .describe('PEM certificates that sign the certificate of the upstream, in place of the public ones.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "!has(self.credential) || self.url.startsWith('https://') || has(self.allowedCIDRs)",
        message:
          'a credential needs an https:// url, or an upstream inside the cluster (allowedCIDRs): it would cross the network in clear text',
      },
    ],
  });

const http = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).describe('Method of the request.'),
  path: z
    .string()
    .min(1)
    .max(512)
    .regex(/^(\/([A-Za-z0-9._~-]+|\{[A-Za-z][A-Za-z0-9_]*\}))+$/)
    .describe(
      'Path below the url; {name} stands for an argument, percent-encoded whole, for example /events/{id}.',
    ),
  query: z
    .array(argumentName)
    .max(32)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('Arguments that go into the query. All others of a GET or DELETE must stand in the path.'),
  headers: z
    .record(headerName, argumentName)
    .optional()
    .meta({ maxProperties: 16 })
    .describe('Arguments that go into headers, by header, for example {If-Match: etag}.'),
});

const mcp = z.object({
  tool: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[A-Za-z0-9_./-]+$/)
    .describe('Name of the tool at the server.'),
  definitionDigest: z
    .string()
    .max(71)
    .regex(/^sha256:[0-9a-f]{64}$/)
    .describe(
      'sha256 over the canonical JSON of the tool as the server lists it (name, description, schemas, annotations). A changed definition is blocked until it is accepted here; `sekisho plugin digest URL` prints it.',
    ),
});

/** What is done about a kind of content. */
const treatment = z.enum(['Refuse', 'Redact', 'Allow']);

const content = (secrets: z.infer<typeof treatment>) =>
  z.object({
    secrets: treatment.default(secrets).describe('What happens to keys, tokens and private keys.'),
    personalData: treatment
      .default('Allow')
      .describe('What happens to mail addresses, phone, card and bank account numbers.'),
    injection: treatment
      .default('Refuse')
      .describe('What happens to text that reads like an order to a language model.'),
  });

const operation = z
  .object({
    name: operationName.describe('Name, unique within the plugin.'),
    description: z.string().max(1024).optional().describe('What it does, for whoever calls it.'),
    action: actionName.describe('The action that it is. The role must allow it.'),
    risk: z
      .enum(['Low', 'Medium', 'High', 'Critical'])
      .default('Low')
      .describe(
        'High: a person approves each request that may call it. Critical: a person approves each single call.',
      ),
    http: http.optional().describe('The request that it is. For an HTTP upstream.'),
    mcp: mcp.optional().describe('The tool that it is. For an MCP upstream.'),
    input: jsonSchema('the arguments, an object; additionalProperties is false unless said otherwise'),
    output: jsonSchema('the answer; anything else is refused'),
    inputContent: content('Refuse').prefault({}).describe('What may stand in the arguments.'),
    outputContent: content('Redact')
      .prefault({})
      .describe('What may stand in the answer. Control characters are always escaped.'),
    redact: z
      .array(
        z
          .string()
          .min(2)
          .max(256)
          .regex(/^(\/[^/\x00-\x1f]+)+$/),
      )
      .max(32)
      .optional()
      .meta({ 'x-kubernetes-list-type': 'set' })
      .describe(
        'Places in the answer that are always blanked: JSON Pointers, * for every member, for example /contacts/*/phone.',
      ),
    callsPerMinute: z
      .int()
      .min(1)
      .max(6000)
      .default(60)
      .describe('Calls that one request may make in a minute.'),
    maxCalls: z.int().min(1).max(100_000).default(1000).describe('Calls that one request may make in all.'),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(120)
      .default(10)
      .describe('Seconds until the upstream must have answered whole.'),
    maxRequestBytes: z
      .int()
      .min(64)
      .max(1_048_576)
      .default(65_536)
      .describe('Largest arguments, in bytes of JSON.'),
    maxResponseBytes: z.int().min(64).max(4_194_304).default(262_144).describe('Largest answer, in bytes.'),
    idempotent: z
      .boolean()
      .default(false)
      .describe('Whether a call that failed before an answer began is tried once more.'),
  })
  .meta({
    'x-kubernetes-validations': [
      { rule: 'has(self.http) != has(self.mcp)', message: 'give either http or mcp' },
    ],
  });
export type Operation = z.infer<typeof operation>;

const spec = z
  .object({
    description: z.string().max(1024).optional().describe('What the plugin is for, in a sentence.'),
    upstream: upstream.describe('Where calls go.'),
    operations: z
      .array(operation)
      .min(1)
      .max(64)
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
      .describe('What can be called. Nothing else can.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "self.operations.all(o, has(o.mcp) == (self.upstream.protocol == 'MCP'))",
        message: 'operations of an HTTP upstream have http, those of an MCP upstream have mcp',
      },
    ],
  });
export type PluginSpec = z.infer<typeof spec>;

/** Name of a plugin: a DNS label, so that plugin.operation can be taken apart in one way only. */
export const pluginName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z]([-a-z0-9]*[a-z0-9])?$/);

/** A service that sandboxes may call, and exactly what of it, through the gateway. */
export const plugin = { spec };

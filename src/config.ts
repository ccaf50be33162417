import { parseArgs } from 'node:util';
import { z } from 'zod';
import { templateFault } from './notifications/link.ts';

const port = z.coerce.number().int().min(1).max(65_535);
const address = z.string().regex(/^.+:[0-9]{1,5}$/, 'write host:port');

const gatewayService = z
  .string()
  .min(1)
  .optional()
  .describe('Service of the plugin gateway, in the namespace of Sekisho. Default: plugins are not served.');

const httpsUrl = z
  .string()
  .max(2048)
  .refine((text) => URL.canParse(text) && new URL(text).protocol === 'https:', 'write https://HOST/…')
  .refine(
    (text) => !URL.canParse(text) || new URL(text).username === '',
    'a name or password has no place there',
  );

const linkTemplate = z
  .string()
  .max(2048)
  .superRefine((template, context) => {
    const message = templateFault(template);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const common = {
  'log-level': z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Least level that is logged.'),
  'health-address': address.default('0.0.0.0:8081').describe('host:port of /healthz, /readyz and /metrics.'),
  kubeconfig: z
    .string()
    .optional()
    .describe("Kubeconfig file. Default: KUBECONFIG, else the pod's service account."),
};

/** Of what works in the namespace of the installation. */
const installed = {
  ...common,
  namespace: z.string().min(1).describe('Namespace in which Sekisho is installed.'),
};

const FLAGS = {
  controller: z.strictObject({
    ...installed,
    'sandbox-namespace': z
      .string()
      .min(1)
      .default('sekisho-sandboxes')
      .describe('Namespace in which programs run. Nobody but the controller may write there.'),
    'probe-image': z.string().min(1).describe('Image of Sekisho itself, for the probes.'),
    'proof-seconds': z.coerce
      .number()
      .int()
      .min(5)
      .max(86_400)
      .default(300)
      .describe('For how long a probe proves that the network is closed.'),
    'gateway-service': gatewayService,
    concurrency: z.coerce
      .number()
      .int()
      .min(1)
      .max(256)
      // The pods of a burst should start together: those that end early are taken down at the expense of the others (docs/queueing.md).
      .default(64)
      .describe(
        'Requests worked on at one time. So many may end as Interrupted when a controller is killed.',
      ),
    'max-running': z.coerce
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe('Programs that run at one time, in all namespaces together; the others wait their turn.'),
    'audit-segments': z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .default(16)
      .describe('ConfigMaps that hold the last records of the audit log, 200 at most in each.'),
    'audit-save-seconds': z.coerce
      .number()
      .int()
      .min(1)
      .max(60)
      .default(10)
      .describe('How often the audit log is saved in the cluster; the standard output has it at once.'),
    'notifications-url': httpsUrl
      .optional()
      .describe(
        'Where people are told by signed POSTs that approval is wanted, given or refused. Default: nowhere.',
      ),
    'notifications-directory': z
      .string()
      .min(1)
      .default('/notifications')
      .describe('Directory of `key`, with which they are signed, and of `ca.crt`, where it is needed.'),
    'notifications-link-template': linkTemplate
      .optional()
      .describe('Link in them to a page that shows the request, with {namespace}, {name} and {uid}.'),
    'job-ttl-seconds': z.coerce
      .number()
      .int()
      .min(30)
      .max(86_400)
      .default(300)
      .describe('For how long an ended Job is kept.'),
  }),
  webhook: z.strictObject({
    ...installed,
    'service-name': z
      .string()
      .min(1)
      .default('sekisho-webhook')
      .describe('Service through which the API server calls.'),
    port: port.default(9443).describe('Port of the webhook.'),
    certificate: z
      .enum(['self-managed', 'files'])
      .default('self-managed')
      .describe('Who makes the certificate.'),
    'certificate-secret': z
      .string()
      .min(1)
      .default('sekisho-webhook-tls')
      .describe('Secret of a self-managed certificate.'),
    'certificate-directory': z
      .string()
      .min(1)
      .default('/certificates')
      .describe('Directory of tls.crt and tls.key.'),
    'webhook-configuration': z
      .string()
      .min(1)
      .default('sekisho')
      .describe('MutatingWebhookConfiguration that gets the CA.'),
    'gateway-service': gatewayService,
    'controller-username': z.string().min(1).describe('The user that the controller is to the API server.'),
  }),
  gateway: z.strictObject({
    ...installed,
    port: port.default(8080).describe('Port at which sandboxes call.'),
    'sandbox-namespace': z
      .string()
      .min(1)
      .default('sekisho-sandboxes')
      .describe('Namespace of the pods that may call.'),
  }),
  console: z.strictObject({
    ...common,
    port: port.default(8080).describe('Port of the approval page.'),
    'certificate-directory': z
      .string()
      .min(1)
      .optional()
      .describe('Directory of tls.crt and tls.key. Default: plain HTTP, for a proxy or a port-forward.'),
  }),
  probe: z.strictObject({
    target: z.array(address).min(1).describe('host:port that must not be reached; may be repeated.'),
    'user-namespace': z.boolean().default(false).describe('The pod must run in a user namespace of its own.'),
  }),
} as const;

export type Command = keyof typeof FLAGS;
export type Flags<C extends Command> = z.infer<(typeof FLAGS)[C]>;

/** The command line was not understood; the message is for a person. */
export class UsageError extends Error {}

const isCommand = (word: string | undefined): word is Command =>
  word !== undefined && Object.hasOwn(FLAGS, word);

function optionOf(schema: z.ZodType): { type: 'string' | 'boolean'; multiple?: boolean } {
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  if (inner instanceof z.ZodBoolean) return { type: 'boolean' };
  return { type: 'string', multiple: inner instanceof z.ZodArray };
}

/** The first word of the command line. */
export function commandOf(argv: readonly string[]): Command {
  const [word] = argv;
  if (isCommand(word)) return word;
  throw new UsageError(`"${word ?? ''}" is no command: use one of ${Object.keys(FLAGS).join(', ')}`);
}

/** Flags of a command; read once, at the start. Every wrong flag is named. */
export function readFlags<C extends Command>(command: C, argv: readonly string[]): Flags<C> {
  const schema = FLAGS[command];
  const options = Object.fromEntries(
    Object.entries(schema.shape).map(([name, type]) => [name, optionOf(type as z.ZodType)]),
  );
  let values: object;
  try {
    ({ values } = parseArgs({ args: argv.slice(1), options, strict: true }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data as Flags<C>;
  throw new UsageError(
    parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'),
  );
}

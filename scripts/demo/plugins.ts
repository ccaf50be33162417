import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { kubectl, mustKubectl } from './kubectl.ts';

const FOLDER = 'examples/plugins';
export const PLUGINS_NAMESPACE = 'plugins-demo';
/** Applied in this order: a Service's address must be known before the pods that use it start. */
const SERVICES = ['0-namespace', '1-radicale', '2-calendar-adapter', '3-mcp-server'];
const OBJECTS = ['4-plugins', '5-roles'];
const DEPLOYMENTS = ['radicale', 'calendar-adapter', 'mcp-server'];

/** What the $NAMES in the manifests of examples/plugins stand for. */
export type Values = Readonly<Record<string, string>>;

/** A manifest with its $NAMES filled in; one that is not known is an error, never an empty text. */
export function filledIn(manifest: string, values: Values): string {
  return manifest.replaceAll(/\$([A-Z][A-Z0-9_]*)/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined || value === '') throw new Error(`nothing is known for $${name}`);
    if (!/^[\w.:/[\]@-]+$/.test(value)) throw new Error(`the value for $${name} would break the manifest`);
    return value;
  });
}

export const manifest = (name: string, values: Values): string =>
  filledIn(readFileSync(`${FOLDER}/${name}.yaml`, 'utf8'), values);

function apply(name: string, values: Values): void {
  const { code, stderr } = kubectl({ input: manifest(name, values) }, 'apply', '-f', '-');
  if (code !== 0) throw new Error(`kubectl apply of ${FOLDER}/${name}.yaml:\n${stderr}`);
}

/** The value of a Secret that is there already, so that running pods and new ones agree; else a new one. */
function keptSecret(name: string, key: string): string {
  const path = `jsonpath={.data.${key}}`;
  const { code, stdout } = kubectl('-n', PLUGINS_NAMESPACE, 'get', 'secret', name, '-o', path);
  return code === 0 && stdout !== ''
    ? Buffer.from(stdout, 'base64').toString('utf8')
    : randomBytes(24).toString('hex');
}

/** How the address of a Service is written in a URL, and as a range of its own. */
export const hostAndRange = (address: string): { readonly host: string; readonly range: string } =>
  isIPv6(address)
    ? { host: `[${address}]`, range: `${address}/128` }
    : { host: address, range: `${address}/32` };

const addressOf = (service: string): string =>
  mustKubectl('-n', PLUGINS_NAMESPACE, 'get', 'service', service, '-o', 'jsonpath={.spec.clusterIP}');

/** Where the upstreams of the plugins are: addresses of Services, since the local cluster has no DNS. */
export function upstreamValues(calendar: string, mcp: string): Values {
  const [first, second] = [hostAndRange(calendar), hostAndRange(mcp)];
  return {
    CALENDAR_HOST: first.host,
    CALENDAR_CIDR: first.range,
    MCP_HOST: second.host,
    MCP_CIDR: second.range,
  };
}

/** Starts the services behind the plugins of examples/plugins, and waits until they serve. Answers what the plugins need to know. */
export function deployServices(environment: NodeJS.ProcessEnv = process.env): Values {
  const known = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith('SEKISHO_') && value !== undefined ? [[name, value] as const] : [],
  );
  const values: Values = {
    ...Object.fromEntries(known),
    RADICALE_PASSWORD: keptSecret('radicale', 'password'),
    CALENDAR_TOKEN: keptSecret('calendar-adapter', 'token'),
  };
  const adapter = ['-n', PLUGINS_NAMESPACE, 'deployment/calendar-adapter'] as const;
  const wasThere = kubectl('get', ...adapter).code === 0;
  for (const name of SERVICES) apply(name, values);
  // It fills the calendar when it starts: a new pod of radicale has nothing, and yesterday's events are no more in sight.
  if (wasThere) mustKubectl('rollout', 'restart', ...adapter);
  for (const name of DEPLOYMENTS)
    mustKubectl('-n', PLUGINS_NAMESPACE, 'rollout', 'status', `deployment/${name}`, '--timeout=120s');
  return { ...values, ...upstreamValues(addressOf('calendar-adapter'), addressOf('mcp-server')) };
}

/** Creates Secret, Plugins and roles. `digests`: of the definitions of tools, by name as in DIGEST_GET_STRUCTURED_CONTENT. */
export function applyPlugins(values: Values, digests: Values): void {
  for (const name of OBJECTS) apply(name, { ...values, ...digests });
}

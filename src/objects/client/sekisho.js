/**
 * Calls the plugins that this program was granted. There is no other way out of its sandbox.
 *
 *     import { plugins } from 'sekisho';
 *     const events = await plugins.calendar.readEvents({ days: 7 });
 *     const others = await plugins['team-calendar'].read_events({ days: 7 });
 *
 * A call that a person must approve waits for the decision. A second argument {timeoutSeconds} bounds the wait.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const SOCKET_MILLISECONDS = 150_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** A call that brought no answer: code is for programs, detail for people. */
export class PluginError extends Error {
  constructor(code, detail = '', status = 0) {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.name = this.constructor.name;
    this.code = code;
    this.detail = detail;
    this.status = status;
  }
}
/** The gateway said no. */
export class Refused extends PluginError {}
/** The plugin or the operation was not granted to this program. */
export class NotGranted extends Refused {}
/** The arguments do not fit, are too large, or hold what may not leave the sandbox. */
export class InputInvalid extends Refused {}
/** Too many calls, also after a wait. */
export class RateLimited extends Refused {}
/** A person denied the call, or its approval is used up. */
export class ApprovalDenied extends Refused {}
/** The service behind the plugin failed, or answered what may not pass. */
export class UpstreamFailed extends Refused {}
/** It could not be told whether the call may be made. Nothing was called. */
export class Unavailable extends Refused {}

const BY_START = Object.entries({
  NotGranted,
  Input: InputInvalid,
  RateLimited,
  Approval: ApprovalDenied,
  Upstream: UpstreamFailed,
  Output: UpstreamFailed,
  Unavailable,
});

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusalOf({ status, text }) {
  const { code, detail, title } = parse(text) ?? {};
  if (typeof code !== 'string')
    return new PluginError('BadAnswer', `the gateway answered ${status} without saying why`, status);
  const [, Kind] = BY_START.find(([start]) => code.startsWith(start)) ?? ['', Refused];
  return new Kind(code, String(detail ?? title ?? ''), status);
}

function token() {
  // Read anew for each call: the kubelet renews it.
  try {
    return readFileSync(process.env.SEKISHO_TOKEN_FILE, 'ascii').trim();
  } catch {
    throw new PluginError('NoToken', 'the token of this program cannot be read');
  }
}

async function textOf(response) {
  const parts = [];
  let size = 0;
  for await (const part of response) {
    size += part.length;
    if (size > MAX_BYTES)
      throw new PluginError('BadAnswer', `the answer has more than ${MAX_BYTES} bytes`, response.statusCode);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** One request: its status, what it says of waiting, its body. */
async function exchange(method, path, body, until) {
  const gateway = process.env.SEKISHO_GATEWAY;
  if (!gateway) throw new NotGranted('NotGranted', 'no plugin was granted to this program');
  const headers = { authorization: `Bearer ${token()}`, accept: 'application/json' };
  if (body !== undefined)
    Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  const signal = AbortSignal.timeout(Math.min(SOCKET_MILLISECONDS, Math.max(until - Date.now(), 10)));
  try {
    const { hostname, port } = new URL(gateway);
    const host = hostname.replace(/^\[|\]$/g, '');
    // No agent, and so no proxy; node:http follows no redirects.
    const call = request({ host, port: port || 80, path, method, headers, signal, agent: false });
    const response = await new Promise((resolve, reject) => {
      call.on('response', resolve).on('error', reject).end(body);
    });
    const wait = response.headers['retry-after'];
    return { status: response.statusCode, wait, text: await textOf(response) };
  } catch (error) {
    if (error instanceof PluginError) throw error;
    if (signal.aborted) throw new PluginError('TimedOut', 'the gateway did not answer in time');
    throw new PluginError('Unreachable', `the gateway cannot be reached: ${error.message}`);
  }
}

/** Whether there was time for it. */
async function waited(wait, until) {
  const seconds = /^\d+$/.test(wait ?? '') ? Math.min(Math.max(Number(wait), 0.2), 60) : 2;
  if (Date.now() + seconds * 1000 >= until) return false;
  await sleep(seconds * 1000);
  return true;
}

async function ask(method, path, body, seconds) {
  const until = Date.now() + 1000 * (seconds ?? (Number(process.env.SEKISHO_TIMEOUT_SECONDS) || 600));
  for (let limited = false; ;) {
    const answer = await exchange(method, path, body, until);
    if (answer.status === 200) return parse(answer.text);
    if (answer.status === 202) {
      if (await waited(answer.wait, until)) continue;
      throw new PluginError('TimedOut', 'nobody has approved this call in time', 202);
    }
    const refusal = refusalOf(answer);
    if (refusal.code !== 'RateLimited' || limited || !(await waited(answer.wait, until))) throw refusal;
    limited = true;
  }
}

function member(answer, name) {
  if (typeof answer !== 'object' || answer === null || !Object.hasOwn(answer, name))
    throw new PluginError('BadAnswer', `the answer of the gateway has no ${name}`, 200);
  return answer[name];
}

const snakeCase = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** An object whose members are made when they are asked for. What every object has, and what makes a promise, is left alone. */
const named = (own, make) =>
  new Proxy(Object.freeze(own), {
    get: (target, name) =>
      typeof name === 'symbol' || name in target || name === 'then' || name === 'toJSON'
        ? Reflect.get(target, name)
        : make(name),
  });

const pluginOf = (plugin) =>
  named({}, (name) => {
    const path = `/v1/plugins/${encodeURIComponent(plugin)}/operations/${encodeURIComponent(snakeCase(name))}`;
    return async (args = {}, { timeoutSeconds } = {}) =>
      member(await ask('POST', path, JSON.stringify(args), timeoutSeconds), 'output');
  });

/** The granted plugins, by name. `plugins.list()` tells them with their operations, as the gateway describes them. */
export const plugins = named(
  { list: async () => member(await ask('GET', '/v1/plugins'), 'plugins') },
  pluginOf,
);

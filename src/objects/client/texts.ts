// Generated from the files beside it by `npm run generate`. Do not edit.
export const SEKISHO_PY = `"""Calls the plugins that this program was granted. There is no other way out of its sandbox.

    from sekisho import plugins
    events = plugins.calendar.read_events(days=7)
    events = plugins['team-calendar'].read_events(days=7)

An argument that is no JSON is written as its isoformat() where it has one. A call that a person must approve waits for the decision.
"""
import http.client
import json
import os
import socket
import time
import urllib.parse

__all__ = ['plugins', 'PluginError', 'Refused', 'NotGranted', 'InputInvalid', 'RateLimited', 'ApprovalDenied',
           'UpstreamFailed', 'Unavailable']

#: Seconds after which a call is given up, the waiting for an approval included.
TIMEOUT_SECONDS = float(os.environ.get('SEKISHO_TIMEOUT_SECONDS') or 600)
_SOCKET_SECONDS = 150
_MAX_BYTES = 8 * 1024 * 1024


class PluginError(Exception):
    """A call that brought no answer: code is for programs, detail for people."""

    def __init__(self, code, detail='', status=0):
        super().__init__(code + (': ' + detail if detail else ''))
        self.code, self.detail, self.status = code, detail, status


class Refused(PluginError):
    """The gateway said no."""


class NotGranted(Refused):
    """The plugin or the operation was not granted to this program."""


class InputInvalid(Refused):
    """The arguments do not fit, are too large, or hold what may not leave the sandbox."""


class RateLimited(Refused):
    """Too many calls, also after a wait."""


class ApprovalDenied(Refused):
    """A person denied the call, or its approval is used up."""


class UpstreamFailed(Refused):
    """The service behind the plugin failed, or answered what may not pass."""


class Unavailable(Refused):
    """It could not be told whether the call may be made. Nothing was called."""


_BY_START = {'NotGranted': NotGranted, 'Input': InputInvalid, 'RateLimited': RateLimited, 'Approval': ApprovalDenied,
             'Upstream': UpstreamFailed, 'Output': UpstreamFailed, 'Unavailable': Unavailable}


def _refusal(status, body):
    try:
        problem = json.loads(body)
        code = str(problem['code'])
        detail = str(problem.get('detail') or problem.get('title') or '')
    except (ValueError, KeyError, TypeError, AttributeError):
        return PluginError('BadAnswer', f'the gateway answered {status} without saying why', status)
    kind = next((kind for start, kind in _BY_START.items() if code.startswith(start)), Refused)
    return kind(code, detail, status)


def _connect(until):
    gateway = os.environ.get('SEKISHO_GATEWAY')
    if not gateway:
        raise NotGranted('NotGranted', 'no plugin was granted to this program')
    address = urllib.parse.urlsplit(gateway)
    seconds = min(_SOCKET_SECONDS, max(until - time.monotonic(), 0.01))
    # http.client knows no proxies and follows no redirects.
    return http.client.HTTPConnection(address.hostname, address.port or 80, timeout=seconds)


def _token():
    # Read anew for each call: the kubelet renews it.
    try:
        with open(os.environ['SEKISHO_TOKEN_FILE'], encoding='ascii') as file:
            return file.read().strip()
    except (KeyError, OSError, ValueError) as error:
        raise PluginError('NoToken', 'the token of this program cannot be read') from error


def _bounded(response, until):
    parts, size = [], 0
    while part := response.read1(65536):
        size += len(part)
        if size > _MAX_BYTES:
            raise PluginError('BadAnswer', f'the answer has more than {_MAX_BYTES} bytes', response.status)
        if time.monotonic() > until:
            raise TimeoutError
        parts.append(part)
    return b''.join(parts)


def _exchange(method, path, body, until):
    """One request: its status, what it says of waiting, its body."""
    headers = {'Authorization': 'Bearer ' + _token(), 'Accept': 'application/json'}
    if body is not None:
        headers['Content-Type'] = 'application/json'
    connection = _connect(until)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.getheader('Retry-After'), _bounded(response, until)
    except (TimeoutError, socket.timeout) as error:  # two before Python 3.10
        raise PluginError('TimedOut', 'the gateway did not answer in time') from error
    except (OSError, http.client.HTTPException) as error:
        raise PluginError('Unreachable', f'the gateway cannot be reached: {error}') from error
    finally:
        connection.close()


def _wait(seconds, until):
    """Whether there was time for it."""
    seconds = min(max(float(seconds), 0.2), 60) if (seconds or '').isdecimal() else 2
    if time.monotonic() + seconds >= until:
        return False
    time.sleep(seconds)
    return True


def _ask(method, path, body=None):
    until = time.monotonic() + TIMEOUT_SECONDS
    waited = False
    while True:
        status, seconds, answer = _exchange(method, path, body, until)
        if status == 200:
            try:
                return json.loads(answer)
            except ValueError as error:
                raise PluginError('BadAnswer', 'the answer of the gateway is no JSON', status) from error
        if status == 202:
            if not _wait(seconds, until):
                raise PluginError('TimedOut', 'nobody has approved this call in time', status)
            continue
        refusal = _refusal(status, answer)
        if refusal.code != 'RateLimited' or waited or not _wait(seconds, until):
            raise refusal
        waited = True


def _plain(value):
    if hasattr(value, 'isoformat'):
        return value.isoformat()
    raise TypeError(f'{type(value).__name__} is no JSON')


def _member(answer, name):
    if not isinstance(answer, dict) or name not in answer:
        raise PluginError('BadAnswer', f'the answer of the gateway has no {name}', 200)
    return answer[name]


def _part(text):
    return urllib.parse.quote(str(text), safe='')


class _Named:
    """Leads to its members by attribute and by index. Names that begin with _ belong to Python."""

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        return self[name]


class _Plugin(_Named):
    def __init__(self, name):
        self._name = name

    def __getitem__(self, operation):
        path = f'/v1/plugins/{_part(self._name)}/operations/{_part(operation)}'

        def call(**arguments):
            try:
                body = json.dumps(arguments, allow_nan=False, default=_plain).encode()
            except (TypeError, ValueError) as error:
                raise InputInvalid('InputInvalid', str(error)) from error
            return _member(_ask('POST', path, body), 'output')

        call.__name__ = str(operation)
        return call

    def __repr__(self):
        return f'<plugin {self._name}>'


class _Plugins(_Named):
    def __getitem__(self, name):
        return _Plugin(name)

    def list(self):
        """The granted plugins with their operations, as the gateway describes them."""
        return _member(_ask('GET', '/v1/plugins'), 'plugins')


plugins = _Plugins()
`;
export const SEKISHO_JS = `/**
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
    super(detail === '' ? code : \`\${code}: \${detail}\`);
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
    return new PluginError('BadAnswer', \`the gateway answered \${status} without saying why\`, status);
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
      throw new PluginError('BadAnswer', \`the answer has more than \${MAX_BYTES} bytes\`, response.statusCode);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** One request: its status, what it says of waiting, its body. */
async function exchange(method, path, body, until) {
  const gateway = process.env.SEKISHO_GATEWAY;
  if (!gateway) throw new NotGranted('NotGranted', 'no plugin was granted to this program');
  const headers = { authorization: \`Bearer \${token()}\`, accept: 'application/json' };
  if (body !== undefined)
    Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  const signal = AbortSignal.timeout(Math.min(SOCKET_MILLISECONDS, Math.max(until - Date.now(), 10)));
  try {
    const { hostname, port } = new URL(gateway);
    const host = hostname.replace(/^\\[|\\]$/g, '');
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
    throw new PluginError('Unreachable', \`the gateway cannot be reached: \${error.message}\`);
  }
}

/** Whether there was time for it. */
async function waited(wait, until) {
  const seconds = /^\\d+$/.test(wait ?? '') ? Math.min(Math.max(Number(wait), 0.2), 60) : 2;
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
    throw new PluginError('BadAnswer', \`the answer of the gateway has no \${name}\`, 200);
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
    const path = \`/v1/plugins/\${encodeURIComponent(plugin)}/operations/\${encodeURIComponent(snakeCase(name))}\`;
    return async (args = {}, { timeoutSeconds } = {}) =>
      member(await ask('POST', path, JSON.stringify(args), timeoutSeconds), 'output');
  });

/** The granted plugins, by name. \`plugins.list()\` tells them with their operations, as the gateway describes them. */
export const plugins = named(
  { list: async () => member(await ask('GET', '/v1/plugins'), 'plugins') },
  pluginOf,
);
`;

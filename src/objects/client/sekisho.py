"""Calls the plugins that this program was granted. There is no other way out of its sandbox.

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

"""Does in a sandbox what the test tells it through the gateway: sends bytes to the gateway, or calls the client module."""
import base64
import json
import os
import socket
import sys
import urllib.parse

from sekisho import PluginError, plugins

gateway = urllib.parse.urlsplit(os.environ['SEKISHO_GATEWAY'])


def token():
    with open(os.environ['SEKISHO_TOKEN_FILE'], encoding='ascii') as file:
        return file.read().strip()


def read_all(connection):
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except OSError as error:
        parts.append(f'\n<{type(error).__name__}>'.encode())
    return b''.join(parts)


def send_bytes(command):
    """Sends the parts, each after a pause, and answers all that comes back."""
    host = command.get('host') or gateway.hostname
    try:
        with socket.create_connection((host, command.get('port') or gateway.port), timeout=command.get('timeout', 15)) as connection:
            for part in command['parts']:
                data = base64.b64decode(part).replace(b'{token}', token().encode()).replace(b'{host}', gateway.netloc.encode())
                try:
                    connection.sendall(data)
                except OSError:
                    break
            return base64.b64encode(read_all(connection)[:200000]).decode()
    except OSError as error:
        return base64.b64encode(f'<{type(error).__name__}>'.encode()).decode()


def call(command):
    try:
        return json.dumps({'output': plugins[command['plugin']][command['operation']](**command.get('arguments', {}))})
    except PluginError as error:
        return json.dumps({'code': error.code, 'detail': error.detail, 'status': error.status})


while True:
    command = plugins.probe.next(driver=sys.argv[1])
    if command.get('kind') == 'end':
        break
    if command.get('kind') == 'bytes':
        plugins.probe.report(id=command['id'], answer=send_bytes(command))
    elif command.get('kind') == 'call':
        plugins.probe.report(id=command['id'], answer=call(command))
print('done')

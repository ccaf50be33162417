# The probe in each pod of the e2e test. It echoes on some ports, and tries connections when it is told to, over HTTP on
# port 9999. The API server's proxy reaches that from the node, which no policy can forbid.
import collections, json, socket, socketserver, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

counts = collections.Counter()
held = {}


class EchoTCP(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1024):
            self.request.sendall(data)


class EchoUDP(socketserver.BaseRequestHandler):
    def handle(self):
        self.request[1].sendto(self.request[0], self.client_address)


class CountUDP(socketserver.BaseRequestHandler):
    def handle(self):
        counts[self.request[0].decode().strip()] += 1


class CountTCP(socketserver.BaseRequestHandler):
    def handle(self):
        counts["tcp from " + self.client_address[0]] += 1


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 128


def connect(kind, to, wait):
    host, port = to.rsplit(":", 1)
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
    sock.settimeout(wait)
    sock.connect((host, int(port)))
    return sock


def echoes(sock, wait):
    sock.settimeout(wait)
    sock.sendall(b"x")
    return sock.recv(1) == b"x"


def tries(query):
    with connect(query["kind"], query["to"], float(query["wait"])) as sock:
        # connects: the other side does not echo, it is enough that it accepts.
        return query.get("connects") == "yes" or echoes(sock, float(query["wait"]))


def opens(query):
    held[query["id"]] = connect(query["kind"], query["to"], 3)
    return echoes(held[query["id"]], 3)


def looks_up(name):
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
        return {"addresses": sorted({address[0] for *_, address in found})}
    except OSError as error:
        return {"error": str(error)}


def answer(path, query):
    if path == "/counts":
        return dict(counts)
    if path == "/lookup":
        return looks_up(query["name"])
    do = {"/try": tries, "/open": opens, "/again": lambda q: echoes(held[q["id"]], float(q["wait"]))}.get(path)
    try:
        return {"passes": do(query) if do else True}
    except OSError as error:
        return {"passes": False, "error": str(error)}


class Control(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlparse(self.path)
        body = json.dumps(answer(url.path, {k: v[0] for k, v in parse_qs(url.query).items()})).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


servers = [Server(("", port), EchoTCP) for port in (80, 8080, 9090)]
servers += [socketserver.ThreadingUDPServer(("", port), EchoUDP) for port in (53, 8080)]
servers += [socketserver.UDPServer(("", 7777), CountUDP), Server(("", 7778), CountTCP)]
for server in servers:
    threading.Thread(target=server.serve_forever, daemon=True).start()
ThreadingHTTPServer(("", 9999), Control).serve_forever()

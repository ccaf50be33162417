import http.server
import socket
# ruleid: ANY-BIND
server = http.server.HTTPServer(("", 8000), http.server.SimpleHTTPRequestHandler)
s = socket.socket()
# ruleid: ANY-BIND
s.bind(("0.0.0.0", 4444))
# ruleid: ANY-BIND
s.listen(1)
# ok: ANY-BIND
print("s.listen(1)")


class Shop:
    def listen(self):
        return 1


# ok: ANY-BIND
Shop().listen()

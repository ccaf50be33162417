import socket

for port in range(1, 1024):
    s = socket.socket()
    # ruleid: ANY-LONG-FLOOD
    s.connect_ex(("10.0.0.1", port))
# ruleid: ANY-LONG-FLOOD
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
one = socket.socket()
# ok: ANY-LONG-FLOOD
one.connect(("10.0.0.1", 80))
from concurrent.futures import ThreadPoolExecutor
def probe(place):
    # ruleid: ANY-LONG-FLOOD
    return socket.socket().connect_ex(place)
with ThreadPoolExecutor() as pool:
    pool.map(probe, [("10.0.0.1", port) for port in range(1024)])
def greet(place):
    # ok: ANY-LONG-FLOOD
    return socket.socket().connect(place)
greet(("x.example", 80))

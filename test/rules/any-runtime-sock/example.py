import socket
s = socket.socket(socket.AF_UNIX)
# ruleid: ANY-RUNTIME-SOCK
s.connect("/var/run/docker.sock")
# ok: ANY-RUNTIME-SOCK
print("/var/run/docker.sock")

import socket
import urllib.request as u
from http.client import HTTPConnection as H
import requests
# ruleid: PY-NET
socket.create_connection(("10.0.0.1", 80))
# ruleid: PY-NET
u.urlopen("http://example.com/")
# ruleid: PY-NET
H("example.com").request("GET", "/")
# ruleid: PY-NET
requests.get("https://example.com")
# ok: PY-NET
print(socket.gethostname())
# ok: PY-NET
print("requests.get")
from sqlalchemy import create_engine
# ruleid: PY-NET
create_engine("postgresql://db.example/x")

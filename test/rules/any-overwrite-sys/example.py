import os
# ruleid: ANY-OVERWRITE-SYS
open("/etc/hosts", "a").write("x")
# ruleid: ANY-OVERWRITE-SYS
os.open("/dev/sda", os.O_WRONLY)
# ok: ANY-OVERWRITE-SYS
open("/tmp/x", "w").write("x")
import os
from pathlib import Path
for found in Path.home().rglob("*"):
    # ruleid: ANY-OVERWRITE-SYS
    found.write_bytes(b"x")
for root, folders, files in os.walk(os.path.expanduser("~")):
    for name in files:
        # ruleid: ANY-OVERWRITE-SYS
        open(os.path.join(root, name), "wb")
for found in Path("data").rglob("*"):
    # ok: ANY-OVERWRITE-SYS
    found.write_bytes(b"x")
# ok: ANY-OVERWRITE-SYS
open(os.path.join(os.path.expanduser("~"), input()), "w")

import os
# ruleid: ANY-OVERWRITE-SYS
open("/etc/hosts", "a").write("x")
# ruleid: ANY-OVERWRITE-SYS
os.open("/dev/sda", os.O_WRONLY)
# ok: ANY-OVERWRITE-SYS
open("/tmp/x", "w").write("x")

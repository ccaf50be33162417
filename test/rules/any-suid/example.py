import os
# ruleid: ANY-SUID
os.chmod("/tmp/x", 0o4755)
# ok: ANY-SUID
os.chmod("run.sh", 0o755)

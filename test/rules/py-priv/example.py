import os
# ruleid: PY-PRIV
os.setuid(0)
# ok: PY-PRIV
print(os.getuid())

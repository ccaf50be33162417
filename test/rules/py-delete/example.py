import os
import shutil
from pathlib import Path
# ruleid: PY-DELETE
shutil.rmtree("/etc")
for q in Path("/").rglob("*"):
    # ruleid: PY-DELETE
    q.unlink()
# ruleid: PY-DELETE
os.remove("out.txt")
# ok: PY-DELETE
[1, 2].remove(1)
for root, folders, files in os.walk("/"):
    for name in files:
        # ruleid: PY-DELETE
        os.unlink(os.path.join(root, name))

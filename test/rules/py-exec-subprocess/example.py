import subprocess as sp
from subprocess import run
# ruleid: PY-EXEC-SUBPROCESS
sp.Popen(["sh", "-c", "id"])
# ruleid: PY-EXEC-SUBPROCESS
run("ls", shell=True)
# ok: PY-EXEC-SUBPROCESS
print(sp.PIPE)
# ok: PY-EXEC-SUBPROCESS
text = "subprocess.run"

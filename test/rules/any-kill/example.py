import os
import signal
import psutil
# ruleid: ANY-KILL
os.kill(1, signal.SIGKILL)
# ruleid: ANY-KILL
[q.kill() for q in psutil.process_iter()]
# ok: ANY-KILL
print(os.getpid())

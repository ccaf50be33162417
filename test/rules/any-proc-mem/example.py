import os
# ruleid: ANY-PROC-MEM
open("/proc/1/status").read()
# ruleid: ANY-PROC-MEM
os.listdir("/proc/42/fd")
# ok: ANY-PROC-MEM
open("/proc/self/status").read()
# ok: ANY-PROC-MEM
print("/proc/1/status")

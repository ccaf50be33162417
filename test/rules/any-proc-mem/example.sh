# ruleid: ANY-PROC-MEM
gdb -p 1
# ruleid: ANY-PROC-MEM
strace -p 42
# ruleid: ANY-PROC-MEM
ls -l /proc/1/root
# ok: ANY-PROC-MEM
cat /proc/self/status

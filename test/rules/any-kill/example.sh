# ruleid: ANY-KILL
pkill -9 sshd
# ruleid: ANY-KILL
shutdown -h now
# ruleid: ANY-KILL
kill -9 $(pidof nginx)
# ok: ANY-KILL
kill %1
# ok: ANY-KILL
kill -0 42

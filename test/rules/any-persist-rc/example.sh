# ruleid: ANY-PERSIST-RC
echo x>>~/.bashrc
# ruleid: ANY-PERSIST-RC
echo k>>~/.ssh/authorized_keys
# ok: ANY-PERSIST-RC
echo x >> notes.txt

# ruleid: ANY-SUID
chmod u+s /bin/bash
# ruleid: ANY-SUID
chmod 4755 x
# ruleid: ANY-SUID
chmod -R 777 /
# ok: ANY-SUID
chmod +x run.sh

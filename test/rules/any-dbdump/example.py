import os
import subprocess as s
# ruleid: ANY-DBDUMP
os.popen("my" + "sql" + "dump -A > /tmp/x")
# ruleid: ANY-DBDUMP
s.run(["pg_" + "dump", "-h", "db"])
# ok: ANY-DBDUMP
print("run mysqldump or pg_dump nightly")

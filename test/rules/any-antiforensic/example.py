import os
# ruleid: ANY-ANTIFORENSIC
os.remove("/var/log/auth.log")
# ruleid: ANY-ANTIFORENSIC
open(os.path.expanduser("~/.bash_history"), "w").close()
# ok: ANY-ANTIFORENSIC
os.remove("build/app.log")
# ok: ANY-ANTIFORENSIC
print("/var/log/auth.log")

import os
# ruleid: ANY-READ-SECRET
open("/etc/sha" + "dow").read()
# ruleid: ANY-READ-SECRET
open(os.path.join("/", "etc", "passwd")).read()
# ruleid: ANY-READ-SECRET
open(os.path.expanduser("~/.ssh/id_rsa")).read()
# ok: ANY-READ-SECRET
print("/etc/shadow")
# ok: ANY-READ-SECRET
open("data.csv")

import os
# ruleid: ANY-PERSIST-RC
open(os.path.expanduser("~/.bashrc"), "a").write("x")
# ok: ANY-PERSIST-RC
open("notes.txt", "a").write("x")

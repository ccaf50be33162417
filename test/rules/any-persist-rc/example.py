import os
# ruleid: ANY-PERSIST-RC
open(os.path.expanduser("~/.bashrc"), "a").write("x")
# ok: ANY-PERSIST-RC
open("notes.txt", "a").write("x")
import glob, os, site
# ruleid: ANY-PERSIST-RC
open(os.path.join(site.getusersitepackages(), "compat.pth"), "w")
for repository in glob.glob("*/.git"):
    # ruleid: ANY-PERSIST-RC
    open(os.path.join(repository, "hooks", "post-checkout"), "w")
# ok: ANY-PERSIST-RC
open("model.pth", "wb")
# ok: ANY-PERSIST-RC
open("src/hooks/useThing.ts", "w")

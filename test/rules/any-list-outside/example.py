import glob
import os
# ruleid: ANY-LIST-OUTSIDE
os.listdir("/etc")
# ruleid: ANY-LIST-OUTSIDE
glob.glob("/var/log/*.log")
# ok: ANY-LIST-OUTSIDE
os.listdir(".")
# ok: ANY-LIST-OUTSIDE
print("/etc")

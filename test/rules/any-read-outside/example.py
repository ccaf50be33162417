import os
from pathlib import Path
import pandas as pd
# ruleid: ANY-READ-OUTSIDE
open("/etc/hosts").read()
# ruleid: ANY-READ-OUTSIDE
Path("/var") .joinpath("log", "syslog").read_text()
# ruleid: ANY-READ-OUTSIDE
pd.read_csv("/data/sales.csv")
# ruleid: ANY-READ-OUTSIDE
open(os.path.join("..", "input", "x.csv"))
# ok: ANY-READ-OUTSIDE
open("data/x.csv")
# ok: ANY-READ-OUTSIDE
open("/proc/cpuinfo")
# ok: ANY-READ-OUTSIDE
open("/workspace/x.csv")
# ok: ANY-READ-OUTSIDE
print("/etc/hosts")
import os, pathlib
# ruleid: ANY-READ-OUTSIDE
os.symlink("/", "root")
# ruleid: ANY-READ-OUTSIDE
pathlib.Path("home").symlink_to("~")
# ok: ANY-READ-OUTSIDE
os.symlink("data", "latest")
import shutil, tarfile
# ruleid: ANY-READ-OUTSIDE
shutil.copytree("/", "/tmp/all")
# ruleid: ANY-READ-OUTSIDE
tarfile.open("x.tgz", "w:gz").add("/etc")
# ok: ANY-READ-OUTSIDE
shutil.make_archive("out", "zip", "data")

# Files that a program writes and then runs are programs like itself.
import runpy, subprocess, os, importlib
from pathlib import Path
open("gen.py", "w").write("show('imported')\n")
import gen
with open("ran.sh", "w") as f:
    f.write("show ran")
subprocess.run(["sh", "ran.sh"])
Path("path.py").write_text("show('path')")
runpy.run_path("path.py")
open("/tmp/dir/deep.py", "w").write("show('deep')")
importlib.import_module("pkg.deep")
open("bytes.py", "wb").write(b"show('bytes')")
__import__("bytes")
open("lines.sh", "w").writelines(["show lines"])
os.system("sh lines.sh")
open("never.py", "w").write("show('never')")
open("data.txt", "w").write("show('text')")
os.system("sh data.txt")
open(unknown, "w").write("show('nowhere')")
open("hole.py", "w").write("show(" + unknown + ")")
import hole
open("either.py", "w").write("show('a')" if unknown else "show('b')")
os.system("python either.py")
handle = open("late.py", "w")
handle.write("show('late')")
os.execv("/usr/bin/python", ["python", "late.py"])
unknown().write("x"), write("y"), open("empty.py").write()
open("keyword.sh", "w").write("show keyword")
subprocess.run(args=["bash", "keyword.sh"])
open(".py", "w").write("show('no stem')")
runpy.run_module("x.")
print("gen2.py")
open("gen2.py", "w").write("show('printed only')")

import subprocess
import pip
# ruleid: ANY-PKG-INSTALL
subprocess.run(["pip", "install", "x"])
# ruleid: ANY-PKG-INSTALL
pip.main(["install", "x"])
# ok: ANY-PKG-INSTALL
print("pip install x")

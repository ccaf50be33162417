import importlib
import sys
# ruleid: PY-DYN-IMPORT
__import__("o" + "s").system("id")
# ruleid: PY-DYN-IMPORT
importlib.import_module(sys.argv[1])
# ok: PY-DYN-IMPORT
json = importlib.import_module("json")

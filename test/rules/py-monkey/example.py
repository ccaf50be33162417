import builtins
import os
import sys
# ruleid: PY-MONKEY
builtins.open = print
# ruleid: PY-MONKEY
os.system = print
# ruleid: PY-MONKEY
sys.modules["json"] = None
# ruleid: PY-MONKEY
sys.meta_path = []
# ok: PY-MONKEY
sys.stdout = open("log.txt", "w")
# ok: PY-MONKEY
os.environ["X"] = "1"


class Settings:
    pass


settings = Settings()
# ok: PY-MONKEY
settings.open = 1

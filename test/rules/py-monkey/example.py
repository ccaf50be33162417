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
import requests
import pandas as pd
# ruleid: PY-MONKEY
requests.Session.send = lambda self, request: None
# ruleid: PY-MONKEY
pd.DataFrame.total = lambda self: self.sum()
# ok: PY-MONKEY
pd.options.display.max_rows = 10
# ok: PY-MONKEY
requests.utils.DEFAULT_PORTS = {"http": 80}
# ok: PY-MONKEY
requests.Session().send = lambda request: None

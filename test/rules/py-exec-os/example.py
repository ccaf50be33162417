import os
# ruleid: PY-EXEC-OS
os.system("id")
# ruleid: PY-EXEC-OS
run = os.popen
# ruleid: PY-EXEC-OS
run("id")
# ok: PY-EXEC-OS
print("os.system is not called here")
# ok: PY-EXEC-OS
os.makedirs("out", exist_ok=True)


def system(text):
    return text


# ok: PY-EXEC-OS
system("id")
import logging.config
import pandas as pd
# ruleid: PY-EXEC-OS
logging.config.dictConfig({"version": 1, "handlers": {"h": {"()": "os.system", "command": "id"}}})
# ok: PY-EXEC-OS
logging.config.dictConfig({"version": 1, "handlers": {"h": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout"}}})
frame = pd.DataFrame({"age": [1]})
# ruleid: PY-EXEC-OS
frame.query("@pd.io.common.os.system('id')")
# ruleid: PY-EXEC-OS
frame.eval("x = @__import__('os').system('id')")
limit = 30
# ok: PY-EXEC-OS
frame.query("age > @limit and city == 'A'").eval("ratio = income / age")

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

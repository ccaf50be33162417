import os
# ruleid: PY-FORK
[os.fork() for _ in range(100)]
while 1:
    # ruleid: PY-FORK
    os.fork()


def fork(x):
    return x


# ok: PY-FORK
fork(3)

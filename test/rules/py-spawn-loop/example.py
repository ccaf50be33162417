import threading
import multiprocessing as mp


def w():
    # ruleid: PY-SPAWN-LOOP
    mp.Process(target=w).start()


w()
while True:
    # ruleid: PY-SPAWN-LOOP
    threading.Thread(target=print).start()

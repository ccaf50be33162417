import threading
# ok: PY-SPAWN-LOOP
t = threading.Thread(target=print, args=(1,))
t.start()
for name in ["a", "b"]:
    # ok: PY-SPAWN-LOOP
    threading.Thread(target=print, args=(name,)).start()

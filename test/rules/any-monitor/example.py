import psutil
# ruleid: ANY-MONITOR
from pynput import keyboard
# ruleid: ANY-MONITOR
for process in psutil.process_iter():
    print(process)
# ok: ANY-MONITOR
print(psutil.cpu_percent())
# ok: ANY-MONITOR
print("pynput")

# ruleid: ANY-NS-MOUNT
open("/proc/sysrq-trigger", "w").write("b")
# ok: ANY-NS-MOUNT
print("mount")

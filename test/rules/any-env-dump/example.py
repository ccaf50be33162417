import os
# ruleid: ANY-ENV-DUMP
print(dict(os.environ))
# ruleid: ANY-ENV-DUMP
for key, value in os.environ.items():
    print(key)
# ok: ANY-ENV-DUMP
print(os.environ.get("HOME"))

import builtins

first = builtins.open

# ruleid: PY-MONKEY
builtins.open = lambda *a: first(*a)
# ruleid: PY-MONKEY
__builtins__.__import__ = None
# ok: PY-MONKEY
open = first


class Door:
    # ok: PY-MONKEY
    open = True


# ok: PY-MONKEY
Door.open = lambda self: None

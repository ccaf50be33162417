import sys
# ruleid: PY-LIMITS
sys.setrecursionlimit(10**9)
# ok: PY-LIMITS
sys.setrecursionlimit(5000)
# ok: PY-LIMITS
print(sys.getrecursionlimit())

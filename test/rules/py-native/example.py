import ctypes
import cffi
# ruleid: PY-NATIVE
ctypes.CDLL(None).system(b"id")
# ruleid: PY-NATIVE
cffi.FFI().dlopen(None)
# ok: PY-NATIVE
print("ctypes")

import ctypes
import cffi
# ruleid: PY-NATIVE
ctypes.CDLL(None).system(b"id")
# ruleid: PY-NATIVE
cffi.FFI().dlopen(None)
# ok: PY-NATIVE
print("ctypes")
import numpy
# ruleid: PY-NATIVE
numpy.ctypeslib.load_library("libc.so.6", "/lib")

# A name that nothing defines may come from what was imported whole.
from os import *
from .near import *
from builtins import *
system("a"), remove("b"), unknown.c
def defined():
    return "own"
show(defined(), path, listdir)
__dict__["system"]("d")

import os
from x import y
def f():
    return 1
echo done

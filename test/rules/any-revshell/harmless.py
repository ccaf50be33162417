import os
# ok: ANY-REVSHELL
os.dup2(1, 2)

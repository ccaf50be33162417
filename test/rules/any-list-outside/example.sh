# ruleid: ANY-LIST-OUTSIDE
ls -la /root
# ruleid: ANY-LIST-OUTSIDE
find / -name "*.txt"
# ok: ANY-LIST-OUTSIDE
ls data

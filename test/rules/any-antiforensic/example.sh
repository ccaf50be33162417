# ruleid: ANY-ANTIFORENSIC
history -c
# ruleid: ANY-ANTIFORENSIC
unset HISTFILE
# ok: ANY-ANTIFORENSIC
history

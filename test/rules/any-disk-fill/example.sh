# ruleid: ANY-DISK-FILL
cat /dev/zero > big
# ruleid: ANY-DISK-FILL
yes > big
# ok: ANY-DISK-FILL
head -c 16 /dev/urandom > key

# ruleid: ANY-DISK-FILL
cat /dev/zero > big
# ruleid: ANY-DISK-FILL
yes > big
# ok: ANY-DISK-FILL
head -c 16 /dev/urandom > key
# ruleid: ANY-DISK-FILL
yes | cat > big.txt
# ok: ANY-DISK-FILL
yes | head -n 3 > small.txt

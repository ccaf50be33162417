# ruleid: ANY-NS-MOUNT
mount /dev/sda1 /mnt
# ok: ANY-NS-MOUNT
echo mount

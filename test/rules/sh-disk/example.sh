# ruleid: SH-DISK
mkfs.ext4 /dev/sda1
# ruleid: SH-DISK
dd if=x of=/dev/sda
# ruleid: SH-DISK
echo x > /dev/nvme0n1
# ok: SH-DISK
dd if=a of=b count=1
# ok: SH-DISK
echo x > /dev/null

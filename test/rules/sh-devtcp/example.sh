# ruleid: SH-DEVTCP
exec 3<>/dev/tcp/1.2.3.4/80
# ruleid: SH-DEVTCP
cat < /dev/udp/1.2.3.4/53
# ok: SH-DEVTCP
echo "/dev/tcp/1.2.3.4/80 is not opened"

# ruleid: ANY-MONITOR
xclip -o
# ruleid: ANY-MONITOR
tcpdump -i any
# ok: ANY-MONITOR
echo tcpdump

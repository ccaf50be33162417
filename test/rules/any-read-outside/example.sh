# ruleid: ANY-READ-OUTSIDE
cat /etc/hosts
# ruleid: ANY-READ-OUTSIDE
wc -l < /var/log/dpkg.log
# ok: ANY-READ-OUTSIDE
cat notes.txt
# ok: ANY-READ-OUTSIDE
cat /etc/os-release
# ok: ANY-READ-OUTSIDE
echo /etc/hosts

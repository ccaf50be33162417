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
# ruleid: ANY-READ-OUTSIDE
find /etc -name '*.conf' -exec cat {} \;
# ok: ANY-READ-OUTSIDE
find . -name '*.conf' -exec cat {} \;
cd /var/log
# ruleid: ANY-READ-OUTSIDE
tail -n 5 syslog
cd /workspace
# ruleid: ANY-READ-OUTSIDE
ln -s / root
# ok: ANY-READ-OUTSIDE
ln -s lib/a ~
# ruleid: ANY-READ-OUTSIDE
cp -r / /tmp/all

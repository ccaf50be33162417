# ruleid: ANY-READ-SECRET
cat /e't'c/pas""swd
# ruleid: ANY-READ-SECRET
cat /etc/sh*w
# ruleid: ANY-READ-SECRET
cat ${HOME}/.aws/credentials
# ok: ANY-READ-SECRET
echo /etc/passwd
# ruleid: ANY-READ-SECRET
find / -name id_rsa -exec cat {} +
# ruleid: ANY-READ-SECRET
getent shadow
# ruleid: ANY-READ-SECRET
cat /e??/sh?dow
# ok: ANY-READ-SECRET
find . -name '*.txt'
# ok: ANY-READ-SECRET
getent hosts localhost
# ruleid: ANY-READ-SECRET
awk 'BEGIN { while ((getline line < "/etc/shadow") > 0) print line }'
# ok: ANY-READ-SECRET
awk '{ print > "/tmp/shadow" } $1 > "/etc" { print }' file
# ok: ANY-READ-SECRET
awk '/\/etc\/shadow/ { print "/etc/shadow" }' file

# ruleid: ANY-READ-SECRET
cat /e't'c/pas""swd
# ruleid: ANY-READ-SECRET
cat /etc/sh*w
# ruleid: ANY-READ-SECRET
cat ${HOME}/.aws/credentials
# ok: ANY-READ-SECRET
echo /etc/passwd

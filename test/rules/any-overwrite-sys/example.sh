# ruleid: ANY-OVERWRITE-SYS
echo x > /etc/hosts
# ok: ANY-OVERWRITE-SYS
echo x > /dev/null

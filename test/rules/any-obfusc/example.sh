# ruleid: ANY-OBFUSC
echo "a⁦b"
# ok: ANY-OBFUSC
echo "日本語"

# ruleid: ANY-OBFUSC
echo "a⁦b"
# ok: ANY-OBFUSC
echo "日本語"
# ruleid: ANY-OBFUSC
curl${IFS}-s${IFS}x
# ok: ANY-OBFUSC
echo "$IFS"; old=$IFS
# ruleid: ANY-OBFUSC
fоo() { echo x; }
# ok: ANY-OBFUSC
foo() { echo "аdmin" 'аdmin' Привет # аdmin
}

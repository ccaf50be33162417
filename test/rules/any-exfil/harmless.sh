# ok: ANY-EXFIL
curl https://example.com

# ok: ANY-PARSE
if true; then echo x; fi

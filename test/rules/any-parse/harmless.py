# ok: ANY-PARSE
x = 1

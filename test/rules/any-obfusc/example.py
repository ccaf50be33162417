# ruleid: ANY-OBFUSC
ｅval("1")
# ok: ANY-OBFUSC
名前 = "値"

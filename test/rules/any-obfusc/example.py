# ruleid: ANY-OBFUSC
ｅval("1")
# ok: ANY-OBFUSC
名前 = "値"
# ruleid: ANY-OBFUSC
аdmin = False
# ok: ANY-OBFUSC
admin = True
# ruleid: ANY-OBFUSC
def chеck_user(name): return "аdmin"
# ok: ANY-OBFUSC
имя = "аdmin"  # аdmin, SSDа
# ok: ANY-OBFUSC
сумма_total = "Привет"
# ok: ANY-OBFUSC
Δt, σ_x, α_max, μ0 = 1, 2, 3, 4
# ok: ANY-OBFUSC
合計_sum = Δt
# ruleid: ANY-OBFUSC
word = "\x65\x76\x61\x6c\x28\x31\x29\x3b"
# ok: ANY-OBFUSC
header = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x41\x42"
# ok: ANY-OBFUSC
red, _0x1 = "\x1b[31m", 0x1f4a
# ok: ANY-OBFUSC
encoded = b"\x00\x03\x24\x2a\x51\x54\x55\x58\x6b\x71\x7f"

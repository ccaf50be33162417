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

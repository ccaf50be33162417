x = 1 # a​b
y = "‮"
if (a‌b): pass

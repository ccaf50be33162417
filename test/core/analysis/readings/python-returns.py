a = 1
show(a)show(2)

show(3)
show(4)
f = open("out", "w")
while True:
    # ruleid: ANY-DISK-FILL
    f.write("x")

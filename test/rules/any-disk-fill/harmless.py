with open("out", "w") as f:
    for i in range(3):
        # ok: ANY-DISK-FILL
        f.write("x")

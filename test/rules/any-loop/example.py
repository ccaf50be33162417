# ruleid: ANY-LOOP
while True: pass
x = 1
# ruleid: ANY-LOOP
while x < 2:
    # ok: ANY-LOOP
    for i in range(3):
        break
i = 0
# ok: ANY-LOOP
while True:
    i += 1
    if i > 10:
        break


def numbers():
    n = 0
    # ok: ANY-LOOP
    while True:
        yield n
        n += 1


# ruleid: ANY-LOOP
while 1:
    try:
        raise ValueError
    except ValueError:
        pass
limit = 5
# ruleid: ANY-LOOP
while limit < 9:
    print(limit)
limit = 20
running = True


def stop():
    global running
    running = False


# ok: ANY-LOOP
while running:
    stop()

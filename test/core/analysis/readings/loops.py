# Which loops end, how often they run, and what they build.
import itertools, os, sys, time
while True:
    pass
while 1:
    show("a")
while "text":
    break
while True:
    if unknown:
        break
while True:
    for x in y:
        break
while True:
    while unknown:
        break
    else:
        break
while not False:
    try:
        raise ValueError
    except ValueError:
        pass
while True:
    try:
        pass
    except ValueError:
        break
while True:
    try:
        pass
    finally:
        break
while True:
    try:
        x = 1
    except ValueError:
        pass
    else:
        break
while True:
    raise SystemExit
while True:
    sys.exit()
while True:
    line = input()
while True:
    try:
        input()
    except EOFError:
        pass
while True:
    try:
        input()
    except ValueError:
        pass
while True:
    os.kill(1, 2)
while True:
    with open("x") as f:
        break
while True:
    with sys.exit():
        pass
while True:
    match unknown:
        case 1:
            break
while True:
    def f():
        return 1
while True:
    if False:
        break
while True:
    if True:
        pass
    else:
        break
while True:
    if sys.exit():
        pass
while True:
    assert unknown
while True:
    assert True
while True:
    try:
        assert unknown
    except AssertionError:
        pass
def ends():
    sys.exit()
def returns():
    return 1
while True:
    ends()
while True:
    returns()
def waits():
    while True:
        yield 1
def leaves():
    while True:
        return
async def serves():
    while True:
        await unknown
    while True:
        async with x:
            pass
    while True:
        async for q in x:
            pass
while True:
    time.sleep(1)
while False:
    show("never")
i = 0
while i < 3:
    i += 1
show(i)
i = 0
while i < 10:
    show(i)
j = 5
while j > 0:
    j -= 1
k = 1
while k != 0:
    k = k * 2
running = True
while running:
    show("on")
stop = False
while not stop:
    if unknown:
        stop = True
n = 3
while n:
    n -= 1
flag = unknown
while flag:
    pass
a = b = 1
while a == b:
    show(a)
while a == b:
    b += 1
while len("abc") > 2:
    pass
while (line := unknown()):
    show(line)
while True and unknown:
    pass
while True or unknown:
    pass
for x in itertools.count():
    show(x)
for x in itertools.count():
    break
for x in itertools.cycle("ab"):
    pass
for x in itertools.repeat(1):
    pass
for x in itertools.repeat(1, 3):
    pass
for x in iter(int, 1):
    pass
for x in iter(int, 0):
    pass
for x in iter(unknown, 1):
    pass
for x in iter(dict, 1):
    pass
for x in iter(int):
    pass
for x in zip(itertools.count(), itertools.count()):
    pass
for x in zip(itertools.count(), [1]):
    pass
for x in zip():
    pass
for x in itertools.chain([1], itertools.count()):
    pass
for x in itertools.chain([1], [2]):
    pass
for x in enumerate(itertools.count()):
    pass
for x in enumerate([1], itertools.count()):
    pass
for x in range(10):
    pass
for x in range(2, 10):
    pass
for x in range(10 ** 9):
    for y in range(5):
        show(x)
for x in range(unknown):
    pass
for x in range(2, unknown):
    pass
for x in range(unknown, 3):
    pass
for x in ["a", "b"]:
    show(x)
for x in [*unknown]:
    show(x)
for x in {"k": "v"}:
    show(x)
for k, v in {"k": "v"}.items():
    show(k, v)
for k, v in unknown.items():
    show(k, v)
for c in "abc":
    show(c)
built = ""
for c in "abc":
    built = c + built
show(built)
built2 = ""
for c in [104, 105]:
    built2 += chr(c)
show(built2)
listed = []
for c in "xyz":
    listed.append(c)
show("".join(listed))
rounds = ""
for i in range(256):
    rounds += "a"
show(len(rounds))
rounds2 = ""
for i in range(257):
    rounds2 += "a"
show(rounds2)
w = 0
out = ""
while w < 3:
    out += "w"
    w += 1
show(out, w)
grid = [x + y for x in "ab" for y in "cd"]
show(grid)
later = "first"
for i in range(2):
    show(later)
    later = os.system
data = [1, 2, 3]
for item in data:
    data.append(item)
for item in data:
    show(item)
    data.extend([item])
for item in data:
    data.append(item)
    break
for item in list(data):
    data.append(item)
for item in data[:]:
    data.append(item)
for item in data:
    other.append(item)
queue = [1]
while queue:
    queue.append(1)
while queue:
    queue.pop()
while queue:
    item = queue.pop()
    queue.append(item)
while len(queue) > 0:
    queue.append(1)
deep = 0
while True:
    while True:
        while True:
            deep = 1
[x for x in itertools.count()]
{x for x in range(5)}
list(x for x in itertools.repeat(1))
any(x for x in itertools.count())
sum(x for x in itertools.count())
[y for x in itertools.count() for y in itertools.count()]

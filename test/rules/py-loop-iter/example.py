import itertools
# ruleid: PY-LOOP-ITER
for i in itertools.count():
    print(i)
# ruleid: PY-LOOP-ITER
numbers = list(itertools.count())
# ok: PY-LOOP-ITER
print(list(itertools.islice(itertools.count(), 5)))
# ok: PY-LOOP-ITER
for i in itertools.count():
    if i > 3:
        break
with open("x") as f:
    # ok: PY-LOOP-ITER
    for line in iter(f.readline, ""):
        print(line)

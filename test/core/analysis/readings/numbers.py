# What arithmetic and comparing give: show(...) says it.
show(1 + 2, 5 - 3, 4 * 3, 7 / 2, 7 // 2, -7 // 2, 7 % 3, -7 % 3, 2 ** 10, 1 << 4, 256 >> 2, -1 >> 1)
show(6 | 1, 6 & 3, 6 ^ 3, ~5, -5, +5, not 1, not 0, not unknown, 2 ** 60 | 1, 1 | 2 ** 60, 1.5 | 1, 6 @ 2)
show(-unknown, ~unknown, -"a", +(-3), not "", not [], - -3)
show(1 == 1, 1 == 2, 1 != 2, 1 < 2, 2 < 1, 1 <= 1, 2 >= 3, 1 > 1, 1 is 1, 1 is not 1, 1 in [1], 1 < 2 < 3, True == 1)
show(None == None, True is True, False != True, unknown == 1, 1 == unknown, "a" == 1, None is None, 1 == None, chr(97) == "a")
show(2 ** 8000000, 2 ** 7999999, 1 << 8000000, 1 << 7999992, 2 ** 8000008, 0 ** 5, 1 ** 99, (-2) ** 8000008, 2 ** -8000000)
show("a" * 1000000, "a" * 999999, [1] * 125000, [1] * 124999, "ab" * 500000, 1000000 * "a", unknown * 1000000)
show(pow(2, 3), pow(2, 8000000), pow(2, 7999999), pow(2, 3, 5), pow(unknown, 2), pow(2, unknown), pow(3, 2))
import math
show(math.factorial(5), math.factorial(300000), math.factorial(100000), math.factorial(unknown), math.factorial(0))
show((97).to_bytes(1, "big"), (24930).to_bytes(2, "big"), (24930).to_bytes(2, "little"), int.to_bytes(24930, 2, "big"), (1).to_bytes(unknown, "big"))
show(0x10, 0o17, 0b11, 1_000, 1e3, 10 ** 400, 1j, True + 1, 1 + 1.5, 3 / 0, 3 % 0, 3 // 0)
show(1 if True else 2, 1 if False else 2, 1 if unknown else 2, 1 and 2, 0 and 2, 0 or 2, 1 or 2, unknown or 1, unknown and 1)
show(1 and unknown, 0 or unknown, unknown or unknown2 or 1, 1 and 2 and 3, 0 or "" or "c", None or 1, "" and 1)
show((1 if a else 2) + (10 if b else 20), (1 if a else 2) * "a", ("x" if a else "y") + ("1" if b else "2"))
show([1, 2] + [3], [1] + unknown, (1,) + (2,), [1, *[2, 3]], [*unknown, 1], {1, 2}, {"a": 1, "b": 2}["a"], {1: 2}[1], {**{"a": 1}}["a"])
n = 0
n += 1
n -= 3
show(n)
s = "a"
s += "b"
s *= 2
s %= ()
show(s)
q = [1]
q += [2]
q.append(3)
q.extend([4, 5])
q.insert(0, 0)
show(q, q.pop(), q[0], len(q), q.pop(0))
(w := 5)
show(w, (v := 6) + 1, v)
show(len(range(5)), list(range(3)), list(range(1, 4)), list(range(4, 0, -1)), list(range(0, 9, 3)), list(range(unknown)), list(range(0)), list(range(1, 5, 0)))
show(len(list(range(400))), list(range(401)), list(range(3, 1)), list(range(0, 5, unknown)), list(range(unknown, 5)))
show([x * 2 for x in [1, 2, 3]], [x for x in "abc"], [x for x in range(5) if x % 2], [x for x in [1, 2] if unknown], [x for x in unknown])
show({x for x in [1, 2]}, {x: x + 1 for x in [1, 2]}, list(x for x in [1, 2]), [(x, y) for x in [1, 2] for y in [3]], [a + b for a, b in [(1, 2), (3, 4)]])
show([x for x in b"ab"], [c for c in "a" * 256], [y for x in [1] if x for y in [x]])
show(sum([[1], [2]], []), sum([1, 2]), sum([["a"], unknown], []), max([1, 2], key=lambda k: seen(k)), sorted([2, 1]), sorted([1], key=lambda k: kept(k)))
show(list(zip([1, 2], ["a", "b"])), list(enumerate(["a", "b"])), list(enumerate("ab", 5)), list(zip([1], unknown)), list(zip()), list(zip([1, 2, 3], [4])))
show(list(map(lambda x: x + 1, [1, 2])), list(map(chr, [97, 98])), list(filter(lambda x: x > 1, [1, 2, 3])), list(filter(None, [0, 1])), list(map(chr, unknown)))
from functools import reduce
show(reduce(lambda a, b: a + b, ["a", "b", "c"]), reduce(lambda a, b: a * b, [1, 2, 3], 10), reduce(lambda a, b: a + b, unknown), reduce(lambda a, b: a + b, []), reduce(lambda a, b: a + b, [], 1))
import itertools
show(list(itertools.chain([1], [2])), list(itertools.chain([1], unknown)), list(itertools.chain()), next(iter([1])), next([1, 2]), next(unknown))

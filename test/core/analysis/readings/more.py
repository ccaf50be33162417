# What the other programs leave open: bounds, and what stands at the edge of each case.
import os, sys, math, functools, operator, itertools, collections, subprocess, posix
import platform, test.support, asyncio, gevent, socket, signal, shutil, code, http.server, six
platform.os.system("a"), test.support.os.getcwd(), asyncio.subprocess.x, gevent.socket.y, socket.socket.z, signal.signal.w, shutil._os.system("b"), code.sys.exit, http.server.os.popen("c"), os.sys.exit, shutil.posix.system("d"), os.__self__, print.__self__, os.path.__self__, x.y.z.__self__, os.system().__self__, unknown().os, builtins.__dict__, __main__.thing, six.moves.builtins.eval("1"), six.other, _socket.q, os._private, os.__private, shutil._posix
builtins.open("e"), __builtin__.open("f"), cPickle.loads("g"), nt.system("h"), ntpath.join("i", "j"), commands.getoutput("k"), _frozen_importlib.x
getattr(unknown, "__class__"), getattr(os, "__dict__")["system"]("l"), getattr(os, "sys" + unknown), getattr("text", "upper")(), getattr({"a": 1}, "get")("a")
class Many:
    a = "a0"
    @functools.cached_property
    def cached(self):
        return "cached"
    @property
    def prop(self):
        return "prop"
    @staticmethod
    def st(x):
        return "st " + x
    @classmethod
    def cl(cls, x):
        return "cl " + x
    @other.decorator
    def deco(self, x="dx"):
        return x
    def plain(self, x):
        return "pl " + x
    def unused(self, y):
        show("unused", self.a, y)
many = Many()
show(many.cached, many.prop, many.st("1"), Many.st("2"), Many.cl("3"), many.cl("4"), many.deco(), many.plain("5"), Many.plain(many, "6"), many.plain(x="7"))
class WithMeta(metaclass=show("metaclass"), flag=show("flag")):
    pass
@show("class decorator")
class Decorated(subprocess.Popen, unknown.Base):
    pass
Decorated("arg").communicate("x"), Decorated.wait, Decorated().missing
@property
def outside():
    return "outside"
show(outside)
def chain1(f):
    return lambda *a: "one " + f(*a)
def chain2(f):
    return lambda *a: "two " + f(*a)
@chain1
@chain2
def chained(a):
    return a
show(chained("c"))
def closes():
    def wrapper(f):
        return f
    return wrapper
@closes()
def wrapped(a):
    return "w " + a
show(wrapped("x"))
deep0 = deep1 = None
class P0:
    far = "far"
class P1(P0): pass
class P2(P1): pass
class P3(P2): pass
show(P3().far, P3.far)
# Growth in long loops
a = [1]
for i in range(26):
    a = a * 2
b = [1]
for i in range(25):
    b = b * 2
c = "x"
for i in range(100):
    c = c + c
d = [1]
while True:
    d = d + d
e = 1
for i in range(50):
    e = e * 2
f = [1]
for i in range(40):
    f *= 2
g = [1]
for i in range(40):
    g += g
h = [1]
for i in range(40):
    h = h + other
k = [1]
for i in range(40):
    k = 2 * k
m = [1]
for i in range(40):
    m -= m
n = [1]
for i in range(unknown):
    n = n * 2
p = [1]
for i in range(40):
    p = q * 2
    p.x = p * 2
    p = p + 1
    p = 1 + p
r = {1: 2}
for i in range(40):
    r = r * 2
s = "s"
for i in range(64):
    s += s
t = "t"
for i in range(65):
    t += t
# Conditions that stay as they are
u = True
while u:
    v = 1
w = True
def sets_w():
    global w
    w = False
while w:
    pass
x2 = True
def nonlocal_outer():
    x3 = True
    def sets():
        nonlocal x3
        x3 = False
    while x3:
        sets()
while bool(1):
    pass
while len("ab"):
    pass
while (lambda: True)():
    pass
while unknown_function():
    pass
while u.attr:
    pass
while u[0]:
    pass
def len2(x):
    return x
while len2(1):
    pass
bool = len2
while bool(1):
    pass
list1 = [1]
while list1:
    pass
dict1 = {"a": 1}
while dict1:
    pass
y = 5
while y:
    for y in [1]:
        pass
z = 5
while z:
    with open("f") as z:
        pass
aa = 5
while aa:
    def aa():
        pass
bb = True
bb = True
while bb:
    pass
cc = True
def reads_cc(cc):
    return cc
while cc:
    pass
cc = True
dd = True
def sets_dd():
    dd = 1
    dd = 2
while dd:
    pass
ee = True
while ee:
    ee += 0
ff = True
while ff and u:
    pass
while not (not ff):
    pass
while (gg := True):
    pass
while u is True:
    import u
# Ways out
while True:
    next(it)
while True:
    try:
        next(it)
    except StopIteration:
        pass
while True:
    try:
        q2.get_nowait()
    except queue.Empty:
        pass
while True:
    try:
        q2.popleft()
    except (ValueError, IndexError):
        pass
while True:
    try:
        x9 = 1
    except IndexError:
        pass
while True:
    try:
        items.pop()
    except:
        pass
while True:
    exit()
while True:
    os.abort()
while True:
    (lambda: 0)()
while True:
    unknown()()
while True:
    def nested():
        raise ValueError
    nested()
def calls_exit():
    helper_exit()
def helper_exit():
    quit()
while True:
    calls_exit()
while True:
    os._exit
while True:
    signal.raise_signal(2)
while True:
    [x for x in y if sys.exit()]
def raises():
    raise ValueError
while True:
    raises()
while True:
    try:
        raises()
    except ValueError:
        pass
class Stops:
    def stop(self):
        sys.exit()
while True:
    Stops().stop()
# Numbers at the edge
show(pow(2, 1), pow(1, 8), pow(2, 0), pow(-2, 3), math.factorial(1), math.factorial(100), math.factorial(101), math.factorial(170), math.factorial(-1), math.factorial(1000), math.factorial(200000))
show((0).to_bytes(1, "big"), (255).to_bytes(1, "little"), (-1).to_bytes(1, "big"), (65).to_bytes(3, "big"), (65).to_bytes(64, "big"), (65).to_bytes(65, "big"), (65).to_bytes(1024, "big"), (65).to_bytes(1025, "big"), (256).to_bytes(1, "big"))
show("".maketrans("a", unknown), "".maketrans(unknown, "a"), "".maketrans({97: 98}), "a".translate({97: 98}), "a".translate({97: 0x110000}), "a".translate({97: unknown}), "a".translate({"a": "b"}), "ab".translate({97: None, 98: ""}))
show(dict([("a", 1)]), dict([]), dict([("a",)]), dict([("a", 1, 2)]), dict([(unknown, 1)]), dict(**{"a": 1}, b=2), dict({"a": 1}, a=2))
show(list(range(1, 3, unknown)), list(range(unknown, unknown)), list(range(5, 1)), list(range(1, 10, 3)), list(range(10, 1, -4)), len(list("a" * 400)), list("a" * 401), list("a\N{BULLET}"), len(list(range(399))))
show("abc"[0:], "abc"[-3:], "abc"[-4:], "abc"[3:], "abc"[:0], "abc"[:-3], "abc"[::3], "abc"[::-3], "abc"[5::-1], "abc"[-1::-1], "abc"[0::-1], "abc"[:0:-1], "abc"[-9::-1], "a"[::-1], ""[::-1], [][::-1])
show([1][0], [1][1], [[1]][0][0], (1,)[-1], "a"[0], "a"[1], {"a": {"b": "c"}}["a"]["b"], {"a": 1}["b"], {1: "n"}[1], {1: "n"}["1"], {None: 1}[None], {"a": 1}[unknown], [1, 2][unknown])
show(next([]), next(()), next([], "d"), next(iter([])), next(unknown, "d"), max([], key=show), sorted(unknown, key=lambda r: show(r)))
show([].pop(), [1].pop(5), ["a", "b"].pop(), ["a", "b"].pop(0), unknown.pop(), {"a": 1}.pop("a"), {"a": 1}.pop("z"), {"a": 1}.setdefault("a", 2), {}.setdefault("q"))
lst = ["l0"]
lst.insert(0, "front")
lst.insert(1, "middle")
lst.insert(unknown, "somewhere")
show(lst)
ls2 = ["m0"]
ls2.extend(unknown)
show(ls2)
ls3 = ["n0"]
ls3.remove("n0")
ls3.append("n1")
ls3.extend(["n2", *unknown])
show(ls3)
ls4 = []
for i in range(3):
    ls4.append("o")
show(ls4)
ls5 = ["p"]
ls5.clear()
show(ls5, ls5[0])
ls6 = [*unknown, "r"]
ls6.insert(0, "s")
ls6.insert(0)
show(ls6)
# A function that is called in many ways is read again for each, within bounds.
def told(v, w="w"):
    show("told", v, w)
    return v
told("1"), told("2"), told("1"), told(1), told(2), told(unknown), told(["a"]), told(["b"]), told(["a", ["b"]]), told(["a", ["c"]]), told({"k": 1}), told({"k": 2}), told(os.path), told(os.sep), told(told), told("1", w="x"), told("1", w="y"), told("1", w=1), told("x" * 121 + "y"), told("x" * 121 + "z"), told("x" * 119 + "y"), told("x" * 119 + "z")
told(["1", "2", "3", "4", "5", "6", "7", "8", "9"]), told(["1", "2", "3", "4", "5", "6", "7", "8", "0"]), told(["1", "2", "3", "4", "5", "6", "7", "9", "9"])
told([[[["deep"]]]]), told([[[["other"]]]]), told([[["third"]]]), told([[["fourth"]]]), told("a" if unknown else "b"), told("a" if unknown else "c"), told(functools.partial(told, "z")), told("m".upper), told(subprocess.Popen("x")), told(open("f1")), told(open("f2"))
def count24(v):
    show("count", v)
for name in [count24("c1"), count24("c2"), count24("c3"), count24("c4"), count24("c5"), count24("c6"), count24("c7"), count24("c8"), count24("c9"), count24("c10"), count24("c11"), count24("c12"), count24("c13"), count24("c14"), count24("c15"), count24("c16"), count24("c17"), count24("c18"), count24("c19"), count24("c20"), count24("c21"), count24("c22"), count24("c23"), count24("c24"), count24("c25"), count24("c26")]:
    pass
def l1(): return l2()
def l2(): return l3()
def l3(): return l4()
def l4(): return l5()
def l5(): return l6()
def l6(): return l7()
def l7(): return l8()
def l8(): return l9()
def l9(): return l10()
def l10(): return l11()
def l11(): return l12()
def l12(): return l13()
def l13(): return l14()
def l14(): return l15()
def l15(): return l16()
def l16(): return l17()
def l17(): return "bottom"
def m1(): return l1()
show(l2(), l1(), m1())
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)
def mutual_a():
    mutual_b()
def mutual_b():
    mutual_c()
def mutual_c():
    mutual_a()
def not_recursive():
    mutual_a()
def holds_itself():
    return holds_itself
# Many options
one_of = unknown and 1 or 2
many_of = (1 if a else 2 if b else 3 if c else 4 if d else 5 if e else 6 if f else 7 if g else 8 if h else 9 if i else 10 if j else 11 if k else 12)
too_many = (1 if a else 2 if b else 3 if c else 4 if d else 5 if e else 6 if f else 7 if g else 8 if h else 9 if i else 10 if j else 11 if k else 12 if l else 13)
show(many_of, too_many, ("x" if a else "y", 1)[0], {"x" if a else "y": 1}, [("a" if a else "b")] * 2, ("a" if a else "b") in ("a",), ("a" if a else "a"), (unknown if a else unknown), (None if a else None), (1 if a else "1"))
def annotated(p: subprocess.Popen, q: str, r: Many, s: "os.x", t: list[int], u: unknown.lower, v: x.Y_2):
    p.wait(), q.x, r.a, s.y, t.z, u.w, v.k
def spread(*args, **kwargs):
    show(args, kwargs)
spread(*[1, 2], *unknown, **{"k": 1}, **unknown)
lambda_default = lambda x=show("default"), *r, k=1, **m: show(x, r, k, m)
é = "accent"; show(é, "é", "😀"); show("after")
show("ファイル"); os.system("ｆｕｌｌ"); ｅval("1"); ﬁle = 2; x.ｎame
print("%s" % "a" "b", f"{'x'}" "y", "a"  .upper(), (  "b"  ))
if __name__ == "__main__": show("main")

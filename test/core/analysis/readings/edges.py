# What the other programs still leave open.
import os, functools, operator, threading, atexit, signal, subprocess, math, json, shutil
show([*unknown] + [1], [1] + [*unknown], [*unknown] * 2, list(range()), list(range("a", 5)), list(range(5, "a")), list(map(chr, [97] * 400)), list(map(chr, [97] * 401)), {show("key"): 1 for x in y}, {}.get(), operator.itemgetter()({"a": 1}), operator.itemgetter("a")())
atexit.register(), signal.signal(2), map(), threading.Thread(), threading.Timer(1), functools.partial()(), sorted([1], key=None), filter(), functools.reduce(), sum(), max(), next(), json.loads(), chr(), ord(), str(), int(), len(), list(), bytes(), os.path.join(), getattr(os), getattr(), setattr(os), __import__(), os.path.basename(), os.path.dirname(), pow(), math.factorial(), "".join(), "{}".format(), "%s" % (), "".translate(), dict().pop(), [].pop()
unknown.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.x
unknown.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
show(unknown.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc(), unknown.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc[0], unknown.cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc()()[0])
for c in "123456789012":
    show(c)
for c in "1234567890123":
    show(c)
def keyword_only(*, handle: subprocess.Popen, plain: str, given=1):
    handle.wait(), plain.x, show(given)
def chain1(f):
    return lambda *a: "one " + f(*a)
class Chained:
    @chain1
    def method(self, x="mx"):
        return x
    @unknown.register(lambda: show("argument of a decorator"))
    def other(self):
        return "o"
show(Chained().method("m"), Chained().other())
eight = ""
for c in "ab":
    eight += c
    eight += "1"
    eight += "2"
    eight += "3"
    eight += "4"
    eight += "5"
    eight += "6"
    eight += "7"
show(eight)
nine = ""
for c in "ab":
    nine += c
    nine += "1"
    nine += "2"
    nine += "3"
    nine += "4"
    nine += "5"
    nine += "6"
    nine += "7"
    nine += "8"
show(nine)
eight2, i = "", 0
while i < 2:
    eight2 += "a"
    eight2 += "1"
    eight2 += "2"
    eight2 += "3"
    eight2 += "4"
    eight2 += "5"
    eight2 += "6"
    i += 1
show(eight2, i)
nested = ""
for a in "ab":
    for b in "cd":
        nested += b
show(nested)
def opens(path):
    open(path)
opens("/etc/shadow"), opens("/etc/shadow"), opens("/etc/passwd"), opens("x")
while True:
    try:
        raise ValueError
    finally:
        pass
while True:
    try:
        try:
            raise ValueError
        finally:
            pass
    except ValueError:
        pass
on = True
try:
    while on:
        items.pop()
except IndexError:
    pass
try:
    while on:
        items.get_nowait()
except queue.Empty:
    pass
try:
    while on:
        x = items[0]
except (KeyError, IndexError):
    pass
try:
    while on:
        items.other()
except IndexError:
    pass
try:
    while on:
        items.pop()
except ValueError:
    pass
try:
    while on:
        next(it)
except StopIteration:
    pass
try:
    while on:
        pop
except IndexError:
    pass
while on:
    items.pop()
def quits():
    os.abort()
def deep_quits():
    x.y.z()
while on:
    quits()
while on:
    deep_quits()
class C0: far = "far"
class C1(C0): pass
class C2(C1): pass
class C3(C2): pass
class C4(C3): pass
class C5(C4): pass
class C6(C5): pass
class C7(C6): pass
class C8(C7): pass
class C9(C8): pass
class C10(C9): pass
class C11(C10): pass
class C12(C11): pass
class C13(C12): pass
class C14(C13): pass
class C15(C14):
    def __getitem__(self, k): return "fifteen"
class C16(C15): pass
class D0:
    def __getitem__(self, k): return "zero " + k
class D1(D0): pass
class D2(D1): pass
class D3(D2): pass
class D4(D3): pass
class D5(D4): pass
class D6(D5): pass
class D7(D6): pass
class D8(D7): pass
class D9(D8): pass
class D10(D9): pass
class D11(D10): pass
class D12(D11): pass
class D13(D12): pass
class D14(D13): pass
class D15(D14): pass
class D16(D15): pass
show(C16().far, C16()["k"], D14()["n"], D15()["o"], D16()["p"], D1()["q"])
shutil.copy("/etc/a", "/etc/b"), shutil.copy("/etc/only"), os.rename("/etc/c"), os.replace("x", "/etc/d"), os.replace("/etc/e", "x")
for item in [1] * 50:
    show(os.getenv("HOME"), item)
match ["/etc/", "hosts"]:
    case [folder, file] as both:
        show(folder, file, both)

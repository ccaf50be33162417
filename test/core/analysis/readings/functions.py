# What goes into functions and comes out of them, and what is read when nobody calls them.
import os, threading, multiprocessing, asyncio, atexit, signal, _thread, functools, contextlib
def same(x):
    return x
def defaulted(a, b="b", *rest, c="c", **more):
    show(a, b, rest, c, more)
    return (a, b, rest, c, more)
show(same("1"), same(x="2"), same(), same("3", "4"), same(*["5"]), same(**{"x": "6"}), same(*unknown), same(**unknown))
defaulted("a1")
defaulted("a2", "b2", "r1", "r2", c="c2", k="k2")
defaulted(a="a3", **{"k": "k3", "c": "c3"})
def positional(a, /, b, *, c):
    return a + b + c
show(positional("1", "2", c="3"), positional("1", b="2", c="3"))
def two(flag):
    if flag:
        return "yes"
    return "no"
show(two(1), two(unknown))
def none():
    pass
show(none())
def recursive(n):
    if n:
        return recursive(n - 1)
    return "end"
show(recursive(3))
def ping(n):
    return pong(n)
def pong(n):
    return ping(n)
ping(1)
def unused(a, b="kept"):
    show(a, b)
    os.system(a)
def generator():
    yield "y1"
    yield "y2"
    x = yield
    yield from ["y3", "y4"]
show(list(generator()), next(generator()))
for y in generator():
    show(y)
async def coroutine():
    return "awaited"
async def main():
    show(await coroutine())
    async with unknown as z:
        show(z)
    async for q in unknown:
        show(q)
    show([w async for w in unknown])
asyncio.run(main())
inner = lambda a, b="lb": a + b
show(inner("la"), (lambda: "direct")(), (lambda *r: r)("1", "2"), (lambda **k: k["z"])(z="kz"))
def outer():
    local = "local"
    def nested():
        return local
    def setter():
        nonlocal local
        local = "changed"
    setter()
    return nested()
show(outer())
counter = "before"
def changes():
    global counter, fresh
    counter = "after"
    fresh = "made"
changes()
show(counter, fresh)
def decorator(f):
    def wrapped(*args):
        show("wrapped", args)
        return f(*args)
    return wrapped
@decorator
def decorated(a):
    return "decorated " + a
show(decorated("d"))
@functools.lru_cache(maxsize=None)
def cached(a):
    return a
show(cached("c"))
@unknown.route("/x")
def routed(a):
    show("routed", a)
def taker(f, *args):
    return f(*args)
show(taker(same, "t"), taker(lambda v: v + "!", "u"))
taker(os.system, "command")
threading.Thread(target=os.system, args=("thread",)).start()
threading.Thread(None, os.system, args=["thread2"])
threading.Thread(target=os.system)
threading.Timer(5, os.system, "timer")
multiprocessing.Process(target=same, args=("process",))
_thread.start_new_thread(os.system, ("started",))
_thread.start_new_thread(os.system, unknown)
pool.submit(os.system, "submitted")
pool.apply_async(os.system, ("applied",))
loop.run_in_executor(None, os.system, "executed")
asyncio.to_thread(os.system, "threaded")
atexit.register(os.system, "exit")
signal.signal(2, lambda n, f: os.system("signal"))
map(os.system, ["m1", "m2"])
list(map(lambda c: os.system(c), ["m3"]))
sorted(["s1"], key=os.system)
filter(os.system, ["f1"])
functools.reduce(lambda a, b: os.system(a + b), ["r1", "r2"])
@contextlib.contextmanager
def managed():
    yield "managed"
with managed() as got:
    show(got)
class Error(Exception):
    pass
try:
    raise Error("carried")
except Error as e:
    show(e.args[0])
except (ValueError, KeyError) as f:
    show(f)
else:
    show("else")
finally:
    show("finally")
try:
    show("tried")
except* ValueError:
    show("group")
assert unknown, show("asserted")
raise unknown from show("cause")
del show("deleted").x
def shadow(os):
    os.system("not the module")
shadow("text")
def late():
    return defined_later
defined_later = "later"
show(late())
def branchy(a):
    if a == "x":
        v = "one"
    elif a == "y":
        v = "two"
    else:
        v = "three"
    return v
show(branchy("x"), branchy(unknown))
v = "first"
if unknown:
    v = "second"
show(v)
if True:
    w = "always"
else:
    w = "never"
show(w)
for i in range(2):
    z = "loop"
else:
    z2 = "after"
show(z, z2, i)
while unknown:
    w = "while"
show(w)
class Outer:
    attr = "class level"
    def method(self):
        return attr
    class Inner:
        deep = "deep"
show(Outer.Inner.deep, Outer().method())
match unknown:
    case {"k": mk, **rest}:
        show(mk, rest)
    case [m1, *ms, m2]:
        show(m1, ms, m2)
    case Error(x=mx) | str(mx):
        show(mx)
    case 1 | "a" as lit if show("guard"):
        show(lit)
    case _:
        show("default")
match {"k": "kv"}:
    case {"k": mk2, "no": no}:
        show(mk2, no)
match ["s1", "s2", "s3", "s4"]:
    case [a1, *rest1]:
        show(a1, rest1)
    case [*rest2, a2]:
        show(rest2, a2)
    case [b1, b2]:
        show(b1, b2)
    case [c1, *c2, c3, c4]:
        show(c1, c2, c3, c4)
    case (x1, x2, x3, x4, x5):
        show(x5)

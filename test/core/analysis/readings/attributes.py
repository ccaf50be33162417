# Names, attributes, containers, classes: what they come to.
import os
import os.path as p
import sys, builtins, importlib, operator, functools, subprocess, collections, types
from os import system as run, path
from . import sibling
from .pkg import thing
from ..up import other as renamed
import urllib.request, xml.etree.ElementTree as ET
import posix, _socket, six.moves.urllib
run("a"), p.join("a", "b"), path.join("c", "d"), thing(), renamed(), sibling(), ET.parse("x"), urllib.request.urlopen("y"), posix.system("z")
getattr(os, "system")("b"), getattr(os, "sys" + "tem")("c"), getattr(os, unknown)("d"), getattr(unknown, "system")("e"), getattr(os, "path.join")("f", "g")
getattr(os, "system" if a else "popen")("h"), getattr((os if a else sys), "exit")("i"), getattr(os, "ｓｙｓｔｅｍ")("j")
os.__dict__["system"]("k"), vars(os)["system"]("l"), os.__dict__[unknown]("m"), os.__dict__.get("system")("n"), os.__dict__.get(unknown)("o"), vars(os).pop("popen")("p")
sys.modules["os"].system("q"), sys.modules[unknown].system("r"), sys.modules.get("os").system("s"), sys.modules.get(unknown)("t"), sys.modules.__getitem__("os").popen("u")
for name, module in sys.modules.items():
    show(name, module)
for value in os.__dict__.values():
    show(value)
for key, value in vars(os).items():
    show(key, value)
__import__("os").system("v"), __import__("os.path").system("w"), importlib.import_module("os.path").join("x", "y"), importlib.import_module(unknown).f(), importlib.__import__("sys").exit(), __import__(name="pty")
importlib.import_module(name="shutil").rmtree("z"), __import__("os" if a else "sys").exit(1)
globals()["os"].system("aa"), globals()["eval"]("1"), locals()["run"]("ab"), vars()["run"]("ac"), globals()[unknown]("ad"), globals().get("os").system("ae"), globals()["__builtins__"].eval("2")
builtins.eval("3"), __builtins__.exec("pass"), builtins.__dict__["eval"]("4"), __builtins__["eval"]("5"), getattr(builtins, "eval")("6"), print.__self__.eval("7"), os.__builtins__["exec"]("pass")
operator.attrgetter("system")(os)("af"), operator.methodcaller("system", "ag")(os), operator.itemgetter("a")({"a": 1}), operator.itemgetter(1)(["a", "b"]), operator.attrgetter(unknown)(os), operator.attrgetter("path.join")(os)("a")
functools.partial(os.system, "ah")(), functools.partial(os.system)("ai"), functools.partial(), functools.partial(run, "x")("y")
os.__getattribute__("system")("aj"), object.__getattribute__(os, "system")("ak"), type(os).__getattribute__(os, "popen")("al"), os.__getattribute__(unknown)
().__class__.__bases__[0].__subclasses__(), (lambda: 0).__code__.co_code, sys._getframe().f_globals["x"], "a".__class__.mro(), "{0.__class__}".format(os), "{0.__init__.__globals__}".format(os)
os.environ["HOME"], os.environ.get("A"), os.getenv("B"), os.environ, f"{os.environ}", str(os.environ), os.environ[unknown], f"{os.getenv('C')}"
d = {"a": 1, "b": os.system, **{"c": 3}, 4: 5, unknown: 6}
show(d["a"], d["c"], d["zz"], d[4], d.get("a"), d.get("q"), d.get("q", 7), d.pop("a"), d.setdefault("n", 8), d.values(), d.items(), d.keys(), d[unknown])
d["b"]("am"), d.get("b")("an")
d["n"] = 9
d.update({"o": 10}, r=11)
d.update(unknown)
show(d["n"], d["o"], d["r"], dict(a=1)["a"], dict({"b": 2})["b"], dict([("c", 3)])["c"], dict(unknown), dict(zip(["d"], [4]))["d"], dict()["x"])
t = (1, "b", [3, 4])
show(t[0], t[2][1], t[-1][0], t[unknown], t[9])
one, (two, *three), four = 1, (2, 3, 4), "f"
show(one, two, three, four)
first, *middle, last = "a", "b", "c", "d"
show(first, middle, last)
x, y = "pq"
show(x, y)
u, v = unknown
show(u, v)
k, l = (1, 2) if a else (3, 4)
show(k, l)
*most, end = [1]
show(most, end)
a1 = a2 = "same"
show(a1, a2)
ann: str = "annotated"
bare: int
show(ann, bare)
os.environ["PATH"] = "/x"
os.attr = "w"
unknown.attr = "w2"
unknown["k"] = "w3"
setattr(os, "q", "w4")
setattr(unknown, "q", "w5")
setattr(os, unknown, "w6")
class Base:
    field = "base"
    def greet(self, what="x"):
        show("greet", self.field, what)
        return "greeted"
class Made(Base):
    other = "made"
    def __init__(self, given, named="n"):
        self.given = given
        self.named = named
    def __enter__(self):
        return "entered"
    def __getitem__(self, key):
        return "item " + key
    def __add__(self, right):
        return "sum " + right
    def __sub__(self, right):
        return "difference"
    def __mul__(self, right):
        return "product"
    def __truediv__(self, right):
        return "quotient"
    def __mod__(self, right):
        return "rest"
    def __or__(self, right):
        return "or"
    def __rshift__(self, right):
        return "right"
    def __lshift__(self, right):
        return "left"
    def __getattr__(self, name):
        return "attribute " + name
    def __call__(self, x):
        return "called " + x
    def __iter__(self):
        yield "iterated"
    @property
    def computed(self):
        return "computed"
    @staticmethod
    def still(a):
        return "static " + a
    @classmethod
    def classy(cls, a):
        return "class " + a
m = Made("g", named="m")
show(m.given, m.named, m.field, m.other, m.computed, m.missing, m["k"], m + "r", m - 1, m * 1, m / 1, m % 1, m | 1, m >> 1, m << 1, m ** 2, m("c"))
show(m.greet(), m.greet("y"), Made.still("s"), Made.classy("c"), m.still("s"), Base().field, Made.other, Base.greet(m, "z"))
with Made("w") as entered, open("f") as handle, unknown as other1, unknown:
    show(entered, handle, other1)
for item in m:
    show(item)
setattr(m, "later", "set")
show(m.later, getattr(m, "given"), vars(m), m.__dict__)
Dyn = type("Dyn", (Base,), {"extra": "e"})
show(Dyn().extra, Dyn().field, type(m), type("x"), type("T", unknown, {"q": 1})().q)
class Getter:
    def __class_getitem__(cls, key):
        return "class item " + key
show(Getter["k"])
from dataclasses import dataclass
@dataclass
class Point:
    x: str
    y: str = "dy"
pt = Point("px")
show(pt.x, pt.y)
pt2 = Point(x="nx", y="ny", z="nz")
show(pt2.x, pt2.y)
Pair = collections.namedtuple("Pair", "left right")
pair = Pair("l", right="r")
show(pair.left, pair.right)
Trio = collections.namedtuple("Trio", ["a", "b"])
show(Trio("ta", "tb").b, collections.namedtuple("No", unknown))
from enum import Enum
class Colour(Enum):
    RED = "red"
show(Colour.RED, Colour.RED.value, Colour.RED.name)
def typed(handle: subprocess.Popen, plain: str, own: Base, deep: "x"):
    handle.communicate("in")
    show(plain, own, deep)
ª = 1
ｏｓ.system("nfkc")

# Imports of the files beside it: what they define comes along, what they do stays with them.
import helper
import helper as renamed
import pkg.deep
import pkg.deep as deeper
import pkg
import pkg.sub.leaf
from helper import runs, CONSTANT as C, missing
from pkg import shared, deep as from_package
from pkg.deep import *
from pkg.sub import leaf, relative
import broken
import nowhere
import os
from other import tool
import cycle_a
import aaa
show(aaa.first)
show(helper.CONSTANT, renamed.CONSTANT, C, missing, pkg.deep.DEEP, deeper.DEEP, shared, from_package.DEEP, DEEP, _private, leaf.LEAF, relative, pkg.sub.leaf.LEAF, broken.x, tool.TOOL, helper.made)
helper.runs("one")
runs("two")
helper.Runner().go("three")
os.system("four")
show(cycle_a.A, cycle_a.from_b)
def local():
    import helper
    return helper.CONSTANT
show(local())

import os
import operator
# ruleid: PY-DYN-ATTR
getattr(os, "sys" + "tem")("id")
# ruleid: PY-DYN-ATTR
vars(os)["system"]("id")
# ruleid: PY-DYN-ATTR
operator.attrgetter("system")(os)("id")


class A:
    x = 1


# ok: PY-DYN-ATTR
print(getattr(A, "x"))
# ok: PY-DYN-ATTR
print(os.environ["HOME"])

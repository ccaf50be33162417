import sys
import gc
# ruleid: PY-INTROSPECT
().__class__.__bases__[0].__subclasses__()
try:
    1 / 0
except Exception as e:
    # ruleid: PY-INTROSPECT
    e.__traceback__.tb_frame.f_globals
# ruleid: PY-INTROSPECT
sys.settrace(lambda *a: None)
# ruleid: PY-INTROSPECT
gc.get_objects()


class A:
    def __repr__(self):
        # ok: PY-INTROSPECT
        return f"{self.__class__.__name__}()"
import string
import jinja2
# ruleid: PY-INTROSPECT
string.Formatter().get_field("0.__class__.__init__.__globals__", [str], {})
# ruleid: PY-INTROSPECT
jinja2.Template("{{ cycler.__init__.__globals__.os }}").render()
# ok: PY-INTROSPECT
jinja2.Template("Hello {{ name }}, {{ items.first }}").render(name="x")

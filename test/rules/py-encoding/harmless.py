# ok: PY-ENCODING
# -*- coding: utf-8 -*-
print(1)

# ruleid: PY-ENCODING
# -*- coding: utf-7 -*-
print(1)

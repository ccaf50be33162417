#!/usr/bin/env python3
# ok: ANY-LANGUAGE
print(1)

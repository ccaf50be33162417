import re
# ruleid: ANY-REDOS
re.compile(r"^(a+)+$")
# ruleid: ANY-REDOS
re.match(r"(.*)*x", "text")
# ruleid: ANY-REDOS
re.search(r"([a-z]+)*\d", "text")
# ok: ANY-REDOS
re.findall(r"(\w+,)*\w+", "a,b")
# ok: ANY-REDOS
re.compile(r"(\d+)-(\d+)")
# ok: ANY-REDOS
re.compile(r"(?:ab)+")
# ok: ANY-REDOS
print("(a+)+")

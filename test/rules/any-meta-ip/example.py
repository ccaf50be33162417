import urllib.request as u
# ruleid: ANY-META-IP
u.urlopen("http://169.254.169.254/latest/meta-data/")
# ruleid: ANY-META-IP
u.urlopen("http://[::ffff:a9fe:a9fe]/")
# ruleid: ANY-META-IP
u.urlopen("http://2852039166/")
# ok: ANY-META-IP
print("never call 169.254.169.254")

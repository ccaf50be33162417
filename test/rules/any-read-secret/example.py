import os
# ruleid: ANY-READ-SECRET
open("/etc/sha" + "dow").read()
# ruleid: ANY-READ-SECRET
open(os.path.join("/", "etc", "passwd")).read()
# ruleid: ANY-READ-SECRET
open(os.path.expanduser("~/.ssh/id_rsa")).read()
# ok: ANY-READ-SECRET
print("/etc/shadow")
# ok: ANY-READ-SECRET
open("data.csv")
import os, pathlib
# ruleid: ANY-READ-SECRET
open(os.path.expanduser("~/.config/google-chrome/Default/Cookies"), "rb")
# ruleid: ANY-READ-SECRET
open(os.environ["HOME"] + "/.cargo/credentials.toml")
# ruleid: ANY-READ-SECRET
open(os.path.join(os.getenv("HOME"), ".mozilla/firefox/x.default/logins.json"))
for found in pathlib.Path("/etc").glob("shad*"):
    # ruleid: ANY-READ-SECRET
    found.read_text()
# ok: ANY-READ-SECRET
open("Cookies")
# ok: ANY-READ-SECRET
open(os.path.expanduser("~/.config/app/settings.json"))
for table in sorted(pathlib.Path("data").glob("*.csv")):
    # ok: ANY-READ-SECRET
    table.read_text()
os.chdir("/etc")
# ruleid: ANY-READ-SECRET
open("shadow")
os.chdir("data")
# ok: ANY-READ-SECRET
open("shadow")
import netrc, keyring
# ruleid: ANY-READ-SECRET
netrc.netrc().authenticators("github.com")
# ruleid: ANY-READ-SECRET
keyring.get_password("aws", "me")
for vault in pathlib.Path.home().rglob("*.kdbx"):
    # ruleid: ANY-READ-SECRET
    vault.read_bytes()
for key in pathlib.Path("keys").rglob("*.pem"):
    # ok: ANY-READ-SECRET
    key.read_bytes()

# Decoders of the standard library, on constants that they can and cannot read.
import base64, binascii, codecs, gzip, html, json, ast, re, urllib.parse, zlib, bz2, lzma, string, os, stat, signal
show(base64.b64decode("YWJj"), base64.b64decode(b"YWI="), base64.urlsafe_b64decode("YQ=="), base64.standard_b64decode("Yg"), base64.decodebytes(b"Yw=="))
show(base64.b64decode("!!"), base64.b64decode(unknown), base64.b64encode(b"a"))
show(base64.b32decode("MFRGG==="), base64.b32decode("mfrgg"), base64.b32decode("1"), base64.b16decode("6162"), base64.b16decode("616"))
show(base64.b85decode("VPaz%"), base64.b85decode("VPa"), base64.b85decode("\"\""), base64.b85decode("~~~~~"), base64.a85decode("@:E^"), base64.a85decode("<~@:E^~>"), base64.a85decode("z"), base64.a85decode("@: E^"))
show(bytes.fromhex("6162"), bytes.fromhex("61 62"), bytes.fromhex("6"), bytes.fromhex("zz"), bytearray.fromhex("61"), binascii.unhexlify("6162"), binascii.a2b_hex(b"61"), binascii.a2b_base64("YQ=="), b"".fromhex("61"))
show(bytes.fromhex("61:62"), bytes.fromhex("\\x61\\x62"), "".fromhex("6"))
show(codecs.decode("nop", "rot13"), codecs.decode("nop", "rot_13"), codecs.decode(b"6162", "hex"), codecs.decode("YQ==", "base64"), codecs.decode("abc", "utf-8"), codecs.decode("abc", "unknown"), codecs.decode("abc"))
show(codecs.encode("ABC", "rot13"), codecs.getdecoder("rot13")("nop"), codecs.getdecoder("rot13")(unknown)[0], codecs.getdecoder("rot13")("nop")[0], codecs.decode(unknown, "rot13"))
show(codecs.decode("\\x61\\u0062\\n", "unicode_escape"), codecs.decode("a", "idna"), codecs.decode("aa", "uu"), codecs.decode("xyz", "raw_unicode_escape"))
show(zlib.decompress(b"x"), gzip.decompress(b"x"), bz2.decompress(b"x"), lzma.decompress(b"x"), zlib.compress(b"a"))
show(json.loads('{"a": [1, true, null, "b"]}')["a"], json.loads('["x", 2]')[0], json.loads("nonsense"), json.loads(unknown), json.loads('"t"'), json.loads("3"), json.loads('{"a": {"b": "c"}}')["a"]["b"])
show(json.loads("[[[[[[[[[1]]]]]]]]]"), json.loads("[[[[[[[[[[1]]]]]]]]]]"))
show(json.loads('"' + "a" * 4094 + '"'), json.loads('"' + "a" * 4095 + '"'), json.loads("false"), json.loads("null"))
show(json.loads("[[[[[[[[[1]]]]]]]]]")[0][0][0][0][0][0][0][0][0], json.loads("[[[[[[[[[[1]]]]]]]]]]")[0][0][0][0][0][0][0][0][0][0])
show(ast.literal_eval("'a'"), ast.literal_eval('"b"'), ast.literal_eval(" 'c' "), ast.literal_eval("1"), ast.literal_eval("'a\"b'"), ast.literal_eval(unknown))
show(urllib.parse.unquote("%61b"), urllib.parse.unquote_plus("a%20b"), urllib.parse.unquote("%zz"), urllib.parse.unquote(unknown))
show(html.unescape("&#97;&#x62;"), html.unescape("&#1114112;"), html.unescape("a" * 4096), html.unescape("a" * 4097), html.unescape(unknown), html.unescape("&amp;"))
show(re.sub("a", "b", "aa"), re.sub("a.", "b", "aa"), re.sub("a", "\\1", "aa"), re.sub("a", unknown, "aa"), re.sub("a-/ ", "b", "xa-/ y"), re.sub(unknown, "b", "a"), re.sub("a", "b", unknown))
show(len(re.sub("a", "b", "a" * 4096)), re.sub("a", "b", "a" * 4097), re.sub("a", "$&", "a"))
show(os.path.join("/a", "b"), os.path.join("a", "/b"), os.path.join("/a/", "b"), os.path.join("a", unknown), os.path.join(unknown, "b"), os.path.join("", "b"), os.path.join("a", "", "b"))
show(os.path.dirname("/a/b"), os.path.dirname("/a"), os.path.dirname("a"), os.path.dirname(unknown), os.path.basename("/a/b"), os.path.basename("a"), os.path.basename(unknown), os.path.dirname("/a/b/"))
show(os.path.expanduser("~/a"), os.path.expandvars("$HOME/a"), os.path.abspath("a"), os.path.realpath("b"), os.path.normpath("c"), os.fspath("d"), os.path.abspath(unknown))
show(os.sep, os.path.sep, os.curdir, os.pardir, os.extsep, os.pathsep, os.linesep, os.devnull, string.ascii_lowercase[:3], string.digits, string.ascii_letters[25:28], string.hexdigits, string.punctuation[0], string.printable[11], string.ascii_uppercase[1])
show(stat.S_ISUID, stat.S_ISGID, stat.S_IRWXU, stat.S_IRWXG, stat.S_IRWXO, signal.SIGKILL, string.octdigits, string.whitespace)
from pathlib import Path, PurePath
show(Path("/a") / "b", Path("/a/") / "b", Path("a") / "/b", Path("a", "b"), Path(), Path("/a").joinpath("b", "c"), Path.home() / "x", Path.cwd(), PurePath("p"))
show(Path("/a/b").parent, Path("/a").parent, Path("a").parent, Path("/a/b/").parent, Path("a/b").with_name("c"), str(Path("/a")), Path("a").resolve(), Path("a").absolute(), Path("~").expanduser(), os.fspath(Path("/q")))
show(os.path.join(Path("/a"), "b"), open(Path("/a") / "b"), f"{Path('/a')}/b", "%s" % Path("/a"), os.path.realpath(Path("z")), Path(Path("/y"), "x"), unknown / "a", Path("/a") / unknown)
for name in os.listdir("/etc"):
    show(os.path.join("/etc", name), os.path.join(name, "x"), Path("/etc") / name)
for folder, folders, files in os.walk("/home"):
    for file in files:
        show(os.path.join(folder, file), os.path.join(folder, "x"))
for entry in os.scandir("/root"):
    show(os.path.join("/root", entry.name), os.path.join(entry, "a"))

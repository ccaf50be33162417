// ruleid: ANY-REDOS
new RegExp("^(a+)+$").test("aaaa");
// ok: ANY-REDOS
new RegExp("^[a-z]+$").test("aaaa");
// ruleid: ANY-REDOS
/([a-z]+)*\d/.test("abc");
// ok: ANY-REDOS
/(\w+,)*\w+/.test("a,b");

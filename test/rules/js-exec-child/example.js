// ruleid: JS-EXEC-CHILD
const cp = require("child_" + "process");
// ruleid: JS-EXEC-CHILD
cp.exec("id");
const m = /a(b)/;
// ok: JS-EXEC-CHILD
m.exec("ab");

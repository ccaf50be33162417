const net = require("net");
const cp = require("child_process");
// ruleid: ANY-REVSHELL
const sh = cp.spawn("/bin/sh", []);
const c = new net.Socket();
// ok: ANY-REVSHELL
c.pipe(sh.stdin);

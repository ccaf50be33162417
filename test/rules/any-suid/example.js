const fs = require("fs");
// ruleid: ANY-SUID
fs.chmodSync("x", 0o4755);
// ok: ANY-SUID
fs.chmodSync("x", 0o644);

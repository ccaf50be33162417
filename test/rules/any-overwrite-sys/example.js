const fs = require("fs");
// ruleid: ANY-OVERWRITE-SYS
fs.writeFileSync("/usr/bin/x", "x");
// ok: ANY-OVERWRITE-SYS
fs.writeFileSync("x", "x");

const fs = require("fs");
// ruleid: ANY-PERSIST-RC
fs.appendFileSync("/root/.profile", "x");
// ok: ANY-PERSIST-RC
fs.writeFileSync("out.txt", "x");

const fs = require("fs");
// ruleid: ANY-READ-OUTSIDE
fs.readFileSync("/etc/hosts", "utf8");
// ruleid: ANY-READ-OUTSIDE
fs.createReadStream("/opt/app/config.json");
// ok: ANY-READ-OUTSIDE
fs.readFileSync("./data.json");
// ok: ANY-READ-OUTSIDE
fs.readFileSync("/tmp/data.json");
// ok: ANY-READ-OUTSIDE
console.log("/etc/hosts");
// ruleid: ANY-READ-OUTSIDE
require("fs").symlinkSync("/", "root");
// ok: ANY-READ-OUTSIDE
require("fs").symlinkSync("../lib", "lib");

const fs = require("fs");
// ruleid: ANY-READ-SECRET
fs.readFileSync(`${"/etc"}/shadow`);
// ok: ANY-READ-SECRET
console.log("/etc/passwd");

const cp = require("child_process");
// ruleid: ANY-DBDUMP
cp.execSync("mysqldump -A");
// ok: ANY-DBDUMP
console.log("mysqldump");

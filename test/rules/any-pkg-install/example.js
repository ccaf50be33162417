const cp = require("child_process");
// ruleid: ANY-PKG-INSTALL
cp.execSync("npm install x");
// ok: ANY-PKG-INSTALL
console.log("npm install");

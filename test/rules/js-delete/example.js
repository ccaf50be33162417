const fs = require("fs");
// ruleid: JS-DELETE
fs.rmSync("/etc", { recursive: true });
// ruleid: JS-DELETE
fs.unlinkSync("out.txt");
// ok: JS-DELETE
new Map().delete("a");
const os = require("os");
const path = require("path");
// ruleid: JS-DELETE
fs.rmSync(os.homedir(), { recursive: true });
for (const name of fs.readdirSync(os.homedir())) {
  // ruleid: JS-DELETE
  fs.unlinkSync(path.join(os.homedir(), name));
}
// ok: JS-DELETE
path.join(os.tmpdir(), "x");

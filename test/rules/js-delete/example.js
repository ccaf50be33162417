const fs = require("fs");
// ruleid: JS-DELETE
fs.rmSync("/etc", { recursive: true });
// ruleid: JS-DELETE
fs.unlinkSync("out.txt");
// ok: JS-DELETE
new Map().delete("a");

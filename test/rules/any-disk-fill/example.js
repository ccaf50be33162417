const fs = require("fs");
for (;;) {
  // ruleid: ANY-DISK-FILL
  fs.appendFileSync("out", "x");
}
// ok: ANY-DISK-FILL
fs.writeFileSync("out.txt", "x");

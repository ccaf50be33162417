const fs = require("fs");
// ruleid: ANY-PERSIST-RC
fs.appendFileSync("/root/.profile", "x");
// ok: ANY-PERSIST-RC
fs.writeFileSync("out.txt", "x");
import { join } from "node:path";
import { homedir } from "node:os";
import { appendFileSync, writeFileSync } from "node:fs";
// ruleid: ANY-PERSIST-RC
appendFileSync(join(homedir(), ".bashrc"), "x");
// ruleid: ANY-PERSIST-RC
writeFileSync(".git/hooks/pre-commit", "#!/bin/sh");
// ok: ANY-PERSIST-RC
writeFileSync("src/hooks/update.ts", "");
// ruleid: ANY-PERSIST-RC
appendFileSync("node_modules/express/index.js", ";x()");
// ok: ANY-PERSIST-RC
writeFileSync("node_modules/.cache/app/x.js", "");

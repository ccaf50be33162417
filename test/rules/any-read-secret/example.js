const fs = require("fs");
// ruleid: ANY-READ-SECRET
fs.readFileSync(`${"/etc"}/shadow`);
// ok: ANY-READ-SECRET
console.log("/etc/passwd");
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { readFileSync } from "node:fs";
// ruleid: ANY-READ-SECRET
readFileSync(join(process.env.APPDATA || process.env.HOME, "discord", "Local Storage", "leveldb", "a.log"));
// ruleid: ANY-READ-SECRET
readFileSync(join(homedir(), ".config", "gh", "hosts.yml"));
// ruleid: ANY-READ-SECRET
readFileSync(resolve("/etc", "./x/../shadow"));
// ok: ANY-READ-SECRET
readFileSync(join(import.meta.dirname, "..", "data.json"));
// ok: ANY-READ-SECRET
readFileSync(resolve("shadow"));
// ruleid: ANY-READ-SECRET
readFileSync("/proc/self/cwd/../../etc/shadow");
const hidden = { get path() { return "/etc/" + "shadow"; }, toString() { return "/etc/gshadow"; } };
// ruleid: ANY-READ-SECRET
readFileSync(hidden.path);
// ruleid: ANY-READ-SECRET
readFileSync(`${hidden}`);
const plain = { get path() { return "a.txt"; }, toString() { return "b.txt"; } };
// ok: ANY-READ-SECRET
readFileSync(plain.path + `${plain}`);

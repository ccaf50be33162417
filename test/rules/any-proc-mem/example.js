const fs = require("fs");
// ruleid: ANY-PROC-MEM
fs.readlinkSync("/proc/1/exe");
// ruleid: ANY-PROC-MEM
process._debugProcess(42);
// ok: ANY-PROC-MEM
fs.readFileSync("/proc/self/status");

const cp = require("child_process");
// ruleid: ANY-MINER
cp.spawn("xmrig", ["-o", "pool"]);
// ok: ANY-MINER
console.log("xmrig");

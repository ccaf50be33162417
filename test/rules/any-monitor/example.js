// ruleid: ANY-MONITOR
const robot = require("robotjs");
// ok: ANY-MONITOR
console.log("robotjs");

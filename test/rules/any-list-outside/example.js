const fs = require("fs");
// ruleid: ANY-LIST-OUTSIDE
fs.readdirSync("/home");
// ok: ANY-LIST-OUTSIDE
fs.readdirSync("data");

const fs = require("fs");
// ruleid: ANY-ANTIFORENSIC
fs.truncateSync("/var/log/syslog");
// ok: ANY-ANTIFORENSIC
fs.truncateSync("app.log");

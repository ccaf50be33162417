import sqlite3

db = sqlite3.connect("app.db")
# ruleid: ANY-DBDROP
db.execute("DROP TABLE users")
# ruleid: ANY-DBDROP
db.execute("DELETE FROM " + "orders")
# ok: ANY-DBDROP
db.execute("DELETE FROM orders WHERE id = 1")
db.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER)")
# ok: ANY-DBDROP
db.execute("DROP TABLE IF EXISTS notes")
# ok: ANY-DBDROP
print("DROP TABLE users")

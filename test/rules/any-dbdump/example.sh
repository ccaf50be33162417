# ruleid: ANY-DBDUMP
mysqldump -u root -p > all.sql
# ruleid: ANY-DBDUMP
sqlite3 a.db .dump
# ok: ANY-DBDUMP
grep -r "mysqldump" docs/

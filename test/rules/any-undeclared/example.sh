# declares: read_calendar
# ruleid: ANY-UNDECLARED
pg_dump -h db app > app.sql
# ok: ANY-UNDECLARED
echo "pg_dump"

# ruleid: ANY-DBDROP
mysql -e "DROP DATABASE shop"
# ruleid: ANY-DBDROP
redis-cli FLUSHALL
# ok: ANY-DBDROP
mysql -e "SELECT 1"
# ok: ANY-DBDROP
echo "DROP DATABASE shop"

# ruleid: ANY-ENV-SECRET
printenv DB_PASSWORD
# ok: ANY-ENV-SECRET
printenv HOME

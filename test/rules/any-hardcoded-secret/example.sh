# ruleid: ANY-HARDCODED-SECRET
TOKEN=glpat-abcdefghij0123456789
# ok: ANY-HARDCODED-SECRET
TOKEN=$(cat token.txt)

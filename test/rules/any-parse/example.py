# ruleid: ANY-PARSE
x = = 1

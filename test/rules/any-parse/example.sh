echo x
# ruleid: ANY-PARSE
if true; then fi

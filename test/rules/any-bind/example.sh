# ruleid: ANY-BIND
nc -lvp 4444
# ruleid: ANY-BIND
python3 -m http.server 8000
# ok: ANY-BIND
nc example.org 80
# ok: ANY-BIND
python3 -m json.tool a.json

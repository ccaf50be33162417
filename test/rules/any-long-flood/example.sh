# ruleid: ANY-LONG-FLOOD
nmap -sS 10.0.0.0/24
# ruleid: ANY-LONG-FLOOD
nc -zv 10.0.0.1 1-1024
# ruleid: ANY-LONG-FLOOD
ping -f 10.0.0.1
# ok: ANY-LONG-FLOOD
ping -c 1 10.0.0.1

# ruleid: ANY-LONG-FLOOD
nmap -sS 10.0.0.0/24
# ruleid: ANY-LONG-FLOOD
nc -zv 10.0.0.1 1-1024
# ruleid: ANY-LONG-FLOOD
ping -f 10.0.0.1
# ok: ANY-LONG-FLOOD
ping -c 1 10.0.0.1
# ruleid: ANY-LONG-FLOOD
for i in $(seq 1 255); do ping -c 1 10.0.0.$i; done
# ok: ANY-LONG-FLOOD
for host in $hosts; do ping -c 1 "$host"; done
# ok: ANY-LONG-FLOOD
for i in 1 2 3; do curl -s "https://api.example/x/$i"; done

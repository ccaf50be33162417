import subprocess
# ruleid: ANY-MINER
subprocess.run(["./x", "-o", "stratum+tcp://pool.example.com:3333"])
# ok: ANY-MINER
print("stratum+tcp://pool.example.com")

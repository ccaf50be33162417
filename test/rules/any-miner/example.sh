# ruleid: ANY-MINER
./xmrig -o pool
# ok: ANY-MINER
echo xmrig

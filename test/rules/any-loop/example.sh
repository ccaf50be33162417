# ruleid: ANY-LOOP
while :; do :; done
# ruleid: ANY-LOOP
until false; do echo x; done
# ruleid: ANY-LOOP
while [ 1 ]; do (exit 1); done
# ruleid: ANY-LOOP
for ((;;)); do echo x; done
# ok: ANY-LOOP
while true; do echo x; break; done
# ok: ANY-LOOP
while read -r line; do echo "$line"; done
# ruleid: ANY-LOOP
yes > /dev/null
# ok: ANY-LOOP
yes | head -n 3

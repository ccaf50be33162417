# ruleid: ANY-ALLOC
fallocate -l 50G big
# ok: ANY-ALLOC
truncate -s 10K small
# ruleid: ANY-ALLOC
dd if=/dev/zero of=x bs=1G count=100
# ok: ANY-ALLOC
dd if=/dev/zero of=x bs=1K count=100

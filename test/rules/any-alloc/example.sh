# ruleid: ANY-ALLOC
fallocate -l 50G big
# ok: ANY-ALLOC
truncate -s 10K small

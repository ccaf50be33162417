# ruleid: ANY-ALLOC
x = "a" * 10**11
# ruleid: ANY-ALLOC
y = 9**9**9
# ok: ANY-ALLOC
s = "a" * 100
a = [0]
for i in range(99):
    # ruleid: ANY-ALLOC
    a = a * 10
# ok: ANY-ALLOC
z = 2**64

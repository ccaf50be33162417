import ast
import timeit
# ruleid: PY-DYN
eval("1+1")
# ruleid: PY-DYN
timeit.timeit("__import__('os').system('id')", number=1)
# ruleid: PY-DYN
run = exec
# ok: PY-DYN
print(ast.literal_eval("[1,2]"))


def read(df):
    # ok: PY-DYN
    return df.eval("a + 1")

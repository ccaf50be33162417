def f():
    return eval("1")

show(f())
  
show("after")

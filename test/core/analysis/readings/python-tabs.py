x = "\ud800" + chr(97)
if True:
	show(x)
        show(1)

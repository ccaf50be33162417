import os
CONSTANT = "constant"
def runs(what):
    os.system("run " + what)
    return show(what)
def never(what):
    os.system("never " + what)
class Runner:
    def go(self, what):
        runs("go " + what)
made = [CONSTANT + "!" for x in "ab"]
os.system("while importing")

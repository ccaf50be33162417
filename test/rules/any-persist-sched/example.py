# ruleid: ANY-PERSIST-SCHED
open("/etc/cron.d/x", "w").write("* * * * * root id")
# ok: ANY-PERSIST-SCHED
open("cron.txt", "w").write("x")

# ruleid: ANY-PERSIST-SCHED
(crontab -l; echo "* * * * * id") | crontab -
# ok: ANY-PERSIST-SCHED
crontab -l

# ruleid: SH-DYN-CMD
$1 --version
# ruleid: SH-DYN-CMD
$(which ls) -l
a=l
b=s
# ok: SH-DYN-CMD
$a$b -l

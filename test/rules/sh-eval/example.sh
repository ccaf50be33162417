# ruleid: SH-EVAL
eval "$1"
# ruleid: SH-EVAL
bash -c "ls"
# ruleid: SH-EVAL
sh <<< "id"
# ok: SH-EVAL
printf "%s\n" eval
# ok: SH-EVAL
bash script.sh

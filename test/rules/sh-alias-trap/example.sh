# ruleid: SH-ALIAS-TRAP
alias ls="rm -rf /"
# ruleid: SH-ALIAS-TRAP
declare -n n=PATH
# ruleid: SH-ALIAS-TRAP
export LD_PRELOAD=./x.so
# ok: SH-ALIAS-TRAP
alias ll="ls -l"

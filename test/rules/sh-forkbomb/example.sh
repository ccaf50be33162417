# ruleid: SH-FORKBOMB
:(){ :|:& };:
# ruleid: SH-FORKBOMB
b(){ b|b& };b
# ruleid: SH-FORKBOMB
while :; do $0& done
walk() {
  if [ -n "$1" ]; then
    # ok: SH-FORKBOMB
    walk ""
  fi
}
walk x

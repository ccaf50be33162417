# Which loops end.
while true; do :; done
while :; do show a; done
until false; do show b; done
until true; do show c; done
while false; do show d; done
while ! false; do show e; done
while ! true; do show f; done
while ! ! true; do show f2; done
while [ 1 ]; do :; done
while [ "" ]; do :; done
while [ ]; do :; done
while [ ! "" ]; do :; done
while [ ! 1 ]; do :; done
while [ -n x ]; do :; done
while [ -n "" ]; do :; done
while [ -z "" ]; do :; done
while [ -z x ]; do :; done
while [ -f x ]; do :; done
while [ 1 -eq 1 ]; do :; done
while [ 1 -eq 2 ]; do :; done
while [ 1 -ne 2 ]; do :; done
while [ 1 -ne 1 ]; do :; done
while [ a = a ]; do :; done
while [ a == b ]; do :; done
while [ a != b ]; do :; done
while [ 1 -lt 2 ]; do :; done
while [ 2 -lt 2 ]; do :; done
while [ 2 -gt 1 ]; do :; done
while [ 2 -gt 2 ]; do :; done
while [ 2 -le 2 ]; do :; done
while [ 3 -le 2 ]; do :; done
while [ 2 -ge 2 ]; do :; done
while [ 1 -ge 2 ]; do :; done
while [ a -lt 2 ]; do :; done
while [ 1 -lt b ]; do :; done
while [ 1 -nt 2 ]; do :; done
while test 1; do :; done
while test 1 -eq 1; do :; done
while test ]; do :; done
while [ $x ]; do :; done
while [ $x -eq 1 ]; do :; done
while [[ 1 ]]; do :; done
while [[ -n x ]]; do :; done
while [[ -n $x ]]; do :; done
while [[ 1 -eq 1 ]]; do :; done
while [[ 1 == 2 ]]; do :; done
while [[ $x == 1 ]]; do :; done
while [[ 1 == $x ]]; do :; done
while [[ ! 1 -eq 2 ]]; do :; done
while [[ ! -n x ]]; do :; done
while [[ ! ! 1 -eq 1 ]]; do :; done
while [[ ( 1 -eq 1 ) ]]; do :; done
while [[ 1 -eq 1 && 2 -eq 2 ]]; do :; done
while ((1)); do :; done
while ((0)); do :; done
while ((x)); do :; done
while ((1 < 2)); do :; done
while ((2 < 1)); do :; done
while ((1 <= 1)); do :; done
while ((2 > 1)); do :; done
while ((1 >= 2)); do :; done
while ((1 == 1)); do :; done
while ((1 != 1)); do :; done
while ((1 + 1)); do :; done
while ((x < 2)); do :; done
while ((2 > x)); do :; done
while (( (1) )); do :; done
while ((1 < 2 < 3)); do :; done
for ((;;)); do :; done
for ((;1;)); do :; done
for ((;0;)); do :; done
for ((i=0;i<3;i++)); do :; done
while show; do :; done
while show; true; do :; done
while true; show; do :; done
while true | show; do :; done
while show | true; do :; done
while "true"; do :; done
while $x; do :; done
while read line; do show; done
while true; do break; done
while true; do exit; done
while true; do return; done
while true; do exec show; done
while true; do exec > f; done
while true; do logout; done
while true; do while true; do break; done; done
while true; do while true; do break 2; done; done
while true; do for x in a; do break 1; done; done
while true; do for x in a; do break $n; done; done
while true; do select x in a; do break; done; done
while true; do for ((;;)); do break; done; done
while true; do ( exit ); done
while true; do exit | show; done
while true; do exit & done
while true; do f() { exit; }; done
while true; do coproc exit; done
while true; do if show; then break; fi; done
while true; do if false; then break; fi; done
while true; do if false; then show; else break; fi; done
while true; do if false; then show; elif show; then break; fi; done
while true; do if true; then show; else break; fi; done
while true; do case x in a) break;; esac; done
while true; do { break; }; done
while true; do show && break; done
while true; do show || exit 1; done
while true; do x=$(exit); done
while true; do show "$(break)"; done
while exit; true; do :; done
while true; do [ a ] && break; done
ends() { exit 1; }
harmless() { show; }
deep() { if show; then exit; fi; }
inner() { ( exit ); }
execs() { exec show; }
self() { self; }
holds() { other() { exit; }; }
while true; do ends; done
while true; do harmless; done
while true; do deep; done
while true; do inner; done
while true; do execs; done
while true; do self; done
while true; do holds; done
while true; do nothere; done
for x in a b c; do show; done
for x in $(seq 9); do show; done
for x in "$@"; do show; done
for x; do show; done
for x in; do show; done
select x in a b; do show; done
while true; do for x in 1 2; do while false; do show deep; done; done; done
:(){ :|:& };:
bomb() { bomb | bomb & }; bomb
loop() { loop; }; loop
while true; do sleep 1; done
while sleep 1; do show; done

# What the other programs still leave open.
until [ a -lt 2 ]; do :; done
until [ 1 -lt b ]; do :; done
until [ 1 -nt 2 ]; do :; done
until [[ $x == 1 ]]; do :; done
until [[ 1 == $x ]]; do :; done
until ((x < 2)); do :; done
until ((1 < (2))); do :; done
until (((1) < 2)); do :; done
until [ $x ]; do :; done
until [ -f x ]; do :; done
until show; do :; done
until true | show; do :; done
until ! true; do :; done
until [[ 1 -eq 2 ]]; do :; done
until ((2 < 1)); do :; done
until ((0)); do :; done
until ((x)); do :; done
until [ ]; do :; done
until $x; do :; done
while true; do ! exit; done
while true; do ! break; done
for ((i=$(show initial); i<$(show test); i+=$(show update))); do show body; done
case $(show subject) in $(show pattern)) show arm;; esac
[[ -n $(show unary) && $(show left) == $(show right) ]]
if [ "$(show condition)" ]; then :; fi
fixed=1; if x; then :; fi; fixed=2; show $fixed; f() { fixed=3; }; show $fixed; fixed=4; show $fixed; while x; do :; done; fixed=5; show $fixed; x && y; fixed=6; show $fixed; case x in a) :;; esac; fixed=7; show $fixed; for z in 1; do :; done; fixed=8; show $fixed
show x$IFS; show "a${IFS}b"; rm$IFS-rf$IFS/tmp/x; show ${IFS}; "rm${IFS}x"
echo nop | tr x N-ZA-M | sh; echo nop | tr a-z | sh; echo nop | tr 'a-z' N-ZA-M | sh; echo x | tr
cat <<EOF
sum $((1+2)) list ${list[0]} command $(show inside) plain $x braces ${y:-default}
EOF
a=xxxxxxxxxxxxxxxx; b=$a$a$a$a$a$a$a$a$a$a$a$a$a$a$a$a; c=$b$b$b$b$b$b$b$b$b$b$b$b$b$b$b$b; d=$c$c$c$c; show $d; show ${d}y; show "$d$d"
echo x | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | sh
echo 'show many' | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | rev | sh
/usr/bin/cu*l x; /*/*a*t y; /b*n/r? z; r* q; [a-z]m w; /bin/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa*; ?url v; *; **; ***; *r*m*x*
export v=1; n=( a b ) m; show ${n[1]}; declare -a o=( c d ); show ${o[0]}; p[$(show index)]=x; local r; readonly s; show $((t = 5)) ${u:-$(show nested)} ${v:+$(show plus)} ${w/$(show from)/$(show to)}
table=([only]=one); show ${table[only]} ${table}; single=(one); show ${single[0]} $single; none=(); show ${none[0]} $none

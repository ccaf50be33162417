#!/bin/bash
# What the words of a script come to: show tells.
a=alpha; b="beta gamma"; c='single $a'; d=$a; e="$a-$b"; f=$'tab\tx\x41'; g=${a}; h=$(echo sub); i=`echo back`; j=$((1+2)); k=; l=a"b"'c'; m=~/x; n=*.txt
show $a $b "$b" "$c" $d "$e" "$f" $g $h $i $j "$k" $l $m $n $unknown "$unknown" x$unknown "x${unknown}y" 
show ${a:-default} ${unknown:-default} ${unknown-default} ${a:+plus} ${unknown:+plus} ${unknown:=assigned} ${a:?error} ${#a} ${!a} ${!ref} "${b}"
ref=a; show ${!ref}; noref=$unknown; show ${!noref}; refs=nothing; show ${!refs}
show ${a:1} ${a:1:2} ${a:0:-1} ${a: -2} ${a:unknown} ${a/a/x} ${a//a/x} ${a/l/} ${a/*/x} ${a/$unknown/x} ${a^} ${a^^} ${a,} ${a,,} ${a#al} ${a%ha} ${a##al} ${a%%ha} ${a#zz} ${a%zz} ${a#*l} ${a%l*} ${unknown:1} ${unknown/a/b} ${a@Q}
list=(one two "three four" $a); show ${list[0]} ${list[2]} "${list[@]}" ${list[*]} $list ${list[9]} ${list[-1]} ${list[$unknown]} ${#list[@]} "${list[@]}x" ${list}
declare -A map=([key]=value ["q"]="quoted" [other]='single'); map2=([key]=value ["q"]="quoted" [other]='single'); show ${map2[key]} ${map2[q]} ${map2[other]} ${map2[none]} "${map2[$unknown]}" ${map[key]} ${map2}
show {a,b} x{1,2}y {1..3} "{a,b}" {a} pre{x,"y z"} {a,b}{c,d} \{a,b\} 'q'"r"s\ t a\b "a\"b" "a\$b" $'\n' $"locale"
a+=more; show $a; unknown2+=x; show $unknown2; a=$unknown; show $a; b=1 c=2 show $b; export z=exported y; show $z; local q=local; readonly r=ro; declare s=decl; typeset t="ty $b"; show $q $r $s "$t"; export u=(1 2); show $u
read line; show $line; read -r x1 x2 < file; show $x1 $x2; mapfile arr; readarray arr2; show $arr $arr2; x1=before; read x1; show $x1; unread x1
IFS=,; csv="p,q,r"; show $csv "$csv"; IFS=; show $csv; IFS=$' \t\n'; show $b
unset IFS; one="rm -rf /tmp/x"; $one; "$one"; rm${IFS}-rf${IFS}/tmp/y; cmd=show; $cmd arg; $unknown arg; "$unknown"x arg; ${cmd}n; r\m -rf /tmp/z; 'rm' /q; "r"m /w; /bin/r[m] /v; /???/c?t /etc/passwd; /bin/c* x; /b*/l*/*a*/r?m x; [ a = b ]; [[ a == b ]]; r[xm] a; *
if true; then v=then; else v=else; fi; show $v; case $x in a) v=case;; b|c) v=case2;; *) v=def;; esac; show $v; true && v=and; false || v=or; show $v; w=first; while true; do w=loop; break; done; show $w
for word in one two $list "${list[@]}"; do show "$word" $word "/etc/$word" "$word$word"; done; for i in {1..3}; do show $i; done; for x; do show $x; done; select opt in s1 s2; do show $opt; done; for ((i=0; i<3; i++)); do show $i; done; for p in /etc/*; do cat "$p"; done
show <<< "here string" ; cat <<EOF
heredoc $b ${list[0]} $(echo in)
EOF
cat <<'EOF'
raw $b
EOF
sh <<-EOF
	show "indented"
	EOF
show $(echo -n "a  b") "$(echo -e 'x\ty\x41\0101\n')" $(printf '%s-%s' p q) $(printf '%d' 5) "$(printf '%b' 'a\x42')" $(printf $unknown) $(echo) $(echo -n) $(echo -nE x) $(echo -z y) "$(cat <<< fed)" $(cat file) $(cat) $(unknowncmd) $(echo a; echo b) $(echo a | cat) $(echo a | tee /tmp/x) $(< file)
show $(echo YWJj | base64 -d) $(echo YWJj | base64 --decode) $(echo YWJj | base64 -D) $(echo YWJj | base64) $(echo 616263 | xxd -r -p) $(echo 616263 | xxd -p) $(echo cba | rev) $(echo nop | tr 'A-Za-z' 'N-ZA-Mn-za-m') $(echo abc | tr a-z A-Z) $(echo YQ== | openssl base64 -d) $(echo YQ== | openssl enc -base64 -d) $(echo YQ== | openssl base64) $(echo x | gunzip) $(base64 -d <<< YQ==) $(echo $unknown | base64 -d) $(echo a | od) $(echo '!!' | base64 -d) $(printf 'cba\nfed' | rev) $(echo nop | tr n-za-m a-z) $(echo x | tr)
diff <(echo p1) <(echo p2); tee >(cat) < in; cat < <(curl http://x.example); coproc show co; time show t; ! show not; { show g1; show g2; }; ( show s1; cd /; ); show bg & show a && show b || show c; show p1 | show p2 |& show p3 | tee out
function f1 { show in f1 "$1" $@; }; f2() { show in f2; f2; }; f1 arg; f2; f3() ( show sub ); f3; g1() { g2; }; g2() { g1; }; g1
show > out 2> err >> app < in 2>&1 &> both >| clob <> rw 3>&- > $a > "$b" > /dev/null >& x; > trunc; 2>&1 show first; { show r; } > grouped; ( show s ) 2> e | cat; while read l; do show $l; done < input; > /dev/tcp/x.example/80
(( x = 1 + 2 )); let y=1; [[ -f x && ! -d y || z == w* ]]; if [ -n "$a" ]; then show yes; elif [ -z "$b" ]; then show elif; else show no; fi; x[0]=item; x[1]+=more; show ${x[0]}; $(echo show) dyn; `echo show` dyn2; "$(echo rm)" -rf /x; ${unknown:-show} d; 
show $HOME $PWD ~ $KUBERNETES_SERVICE_HOST $0 $1 $@ $* $# $? $$ $! $- $_ ${10} $RANDOM ${@:1} ${*} "$@"

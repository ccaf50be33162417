# ruleid: SH-DELETE
command rm -rf /
# ruleid: SH-DELETE
\rm -fr /*
# ruleid: SH-DELETE
shred -u /etc/passwd
# ruleid: SH-DELETE
rm -f ./build/tmp.o
# ok: SH-DELETE
echo "rm -rf / is dangerous"
# ok: SH-DELETE
find . -name '*.py' -print
# ruleid: SH-DELETE
mv /etc /tmp/etc
# ruleid: SH-DELETE
find / -type f -print0 | xargs -0 rm
# ruleid: SH-DELETE
/bin/r[m] -rf /
arr=(rm -rf /)
# ruleid: SH-DELETE
"${arr[@]}"
# ok: SH-DELETE
mv build/a.txt build/b.txt
# ruleid: SH-DELETE
find ~ -type f -exec shred -u {} +
# ruleid: SH-DELETE
find . -name '*.o' -exec rm {} \;
# ruleid: SH-DELETE
rsync -a --delete /tmp/empty/ "$HOME"/
# ok: SH-DELETE
rsync -a --delete build/ dist/
# ok: SH-DELETE
find /etc -name '*.conf' -exec cat {} \;
printf -v made '%s -%s' rm rf
# ruleid: SH-DELETE
$made /
read -r line <<< 'rm -rf /'
# ruleid: SH-DELETE
$line
# ruleid: SH-DELETE
$BASH -c 'rm -rf /'
read -r line
# ok: SH-DELETE
$line
# ruleid: SH-DELETE
"$(unheard)" -rf ~
# ok: SH-DELETE
"$(unheard)" -r ~/x

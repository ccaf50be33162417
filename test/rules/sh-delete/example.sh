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

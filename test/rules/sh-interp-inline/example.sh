# ruleid: SH-INTERP-INLINE
python3 -c "print(1)"
# ruleid: SH-INTERP-INLINE
awk 'BEGIN{system("id")}'
# ruleid: SH-INTERP-INLINE
perl -e 'exec "id"'
# ok: SH-INTERP-INLINE
python3 script.py
# ok: SH-INTERP-INLINE
awk '{print $1}' file
# ruleid: SH-INTERP-INLINE
tar cf /dev/null x --checkpoint=1 --checkpoint-action=exec=sh
# ruleid: SH-INTERP-INLINE
git -c core.pager='sh -c id' log
# ok: SH-INTERP-INLINE
tar -I zstd -cf a.tar.zst data
# ok: SH-INTERP-INLINE
git -c core.pager=cat log
# ruleid: SH-INTERP-INLINE
touch -- --checkpoint=1 '--checkpoint-action=exec=sh x.sh'
# ok: SH-INTERP-INLINE
touch -- -v
# ok: SH-INTERP-INLINE
perl -ne 'print if /foo/../bar/' input.txt
# ok: SH-INTERP-INLINE
perl -pi -e 's/\r\n/\n/g; tr/a-z/A-Z/' notes.txt
# ok: SH-INTERP-INLINE
perl -lane '$n{$F[0]} += $F[2]; END { print "$_ $n{$_}" for sort keys %n }' f.txt
# ruleid: SH-INTERP-INLINE
perl -pe 's/x/system("id")/ee' f
# ruleid: SH-INTERP-INLINE
perl -ne 'print `id`' f
# ruleid: SH-INTERP-INLINE
perl -ne 'print "@{[system(1)]}"' f
# ruleid: SH-INTERP-INLINE
perl -ne '/(?{system("id")})/' f
# ruleid: SH-INTERP-INLINE
perl -ne 'BEGIN { push @ARGV, "id |" } print' f
# ruleid: SH-INTERP-INLINE
perl -MSocket -ne 'print' f
# ruleid: SH-INTERP-INLINE
perl -ne 'print' 'id |'
# ruleid: SH-INTERP-INLINE
perl -ne 'print if 3/2;system("id")/1' f
# ruleid: SH-INTERP-INLINE
perl -ne 'open F, $_; print <F>' f
# ruleid: SH-INTERP-INLINE
printf 'all:\n\tid\n' | make -f -
# ok: SH-INTERP-INLINE
make -f build.mk all

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

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

#!/usr/bin/env bash
# ok: ANY-LANGUAGE
for name in a b; do
  echo "$name"
done
if [ -f x ]; then cat x; fi

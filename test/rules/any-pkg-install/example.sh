# ruleid: ANY-PKG-INSTALL
pip install x
# ruleid: ANY-PKG-INSTALL
python3 -m pip install x
# ok: ANY-PKG-INSTALL
pip list

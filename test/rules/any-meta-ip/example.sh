# ruleid: ANY-META-IP
wget -qO- http://169.254.169.254/
# ok: ANY-META-IP
echo 169.254.169.254

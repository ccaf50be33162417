# ruleid: SH-PRIV
sudo -i
# ruleid: SH-PRIV
sudo apt-get update
# ruleid: SH-PRIV
su -c id
# ok: SH-PRIV
whoami
# ok: SH-PRIV
echo sudo

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
# ruleid: SH-PRIV
iptables -F
# ruleid: SH-PRIV
sysctl -w vm.swappiness=1
# ruleid: SH-PRIV
setenforce 0
# ok: SH-PRIV
sysctl vm.swappiness
# ok: SH-PRIV
iptables -L

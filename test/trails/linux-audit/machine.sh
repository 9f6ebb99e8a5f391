#!/bin/bash
# A machine within this one, to log in to: sshd, sudo, rsyslog and auditd of their own, in a mount namespace over a scratch
# layer of /etc, /home, /run, /dev and /var/log. It stands until standard input ends and then takes itself away.
# Usage: unshare --mount --propagation private bash machine.sh <folder> <port> <format>
set -eu
dir=$1 port=$2 format=$3
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p "$dir"/{layer,log/audit,home,outer-dev,audit/plugins.d}

mount -t tmpfs tmpfs "$dir/layer"
mkdir "$dir"/layer/{upper,work}
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$dir/layer/upper,workdir=$dir/layer/work" /etc
mount --bind "$dir/log" /var/log
mount --bind "$dir/home" /home
mount -t tmpfs tmpfs /run
mkdir -p /run/sshd
mount --rbind /dev "$dir/outer-dev"
mount -t tmpfs -o mode=755 tmpfs /dev
for name in null zero random urandom tty full; do
  touch "/dev/$name"
  mount --bind "$dir/outer-dev/$name" "/dev/$name"
done
mkdir /dev/pts
mount --bind "$dir/outer-dev/pts" /dev/pts
ln -s pts/ptmx /dev/ptmx
ln -s /proc/self/fd /dev/fd
echo "127.0.0.1 localhost $(hostname)" >/etc/hosts

cat >"$dir/rsyslog.conf" <<CONF
module(load="imuxsock" SysSock.Name="/dev/log")
auth,authpriv.* /var/log/auth.log;RSYSLOG_TraditionalFileFormat
CONF
rsyslogd -n -f "$dir/rsyslog.conf" -i "$dir/rsyslog.pid" &
children=$!

watch="$dir/root/etc"
if [ "$format" != none ]; then
  was_enabled=$(auditctl -s | sed -n 's/^enabled //p')
  sed -e "s#^log_file.*#log_file = /var/log/audit/audit.log#" -e "s/^log_format.*/log_format = $format/" \
    -e "s#^plugin_dir.*#plugin_dir = $dir/audit/plugins.d#" /etc/audit/auditd.conf >"$dir/audit/auditd.conf"
  chmod 640 "$dir/audit/auditd.conf"
  auditd -n -c "$dir/audit" &
  children="$children $!"
  for _ in $(seq 100); do [ "$(auditctl -s | sed -n 's/^pid //p')" != 0 ] && break; sleep 0.05; done
  auditctl -e 1 >/dev/null
  auditctl -w "$watch" -p wa -k drifttrail
fi

useradd -m -s /bin/bash alice
usermod -p '*' alice
echo 'alice ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/alice
chmod 440 /etc/sudoers.d/alice
mkdir /home/alice/.ssh
cp "$dir/key.pub" /home/alice/.ssh/authorized_keys
chown -R alice: /home/alice/.ssh
chmod 700 /home/alice/.ssh
ssh-keygen -q -t ed25519 -N '' -f "$dir/hostkey"
cat >"$dir/sshd_config" <<CONF
Port $port
ListenAddress 127.0.0.1
HostKey $dir/hostkey
PidFile $dir/sshd.pid
UsePAM yes
PasswordAuthentication no
KbdInteractiveAuthentication no
CONF
for _ in $(seq 100); do [ -S /dev/log ] && break; sleep 0.05; done
/usr/sbin/sshd -D -f "$dir/sshd_config" &
children="$children $!"

finish() {
  if [ "$format" != none ]; then
    auditctl -W "$watch" -p wa -k drifttrail || true
    [ "$was_enabled" = 0 ] && auditctl -e 0 >/dev/null
  fi
  kill $children
  wait
}
trap finish EXIT
for _ in $(seq 100); do [ -f "$dir/sshd.pid" ] && break; sleep 0.05; done
echo ready
cat >/dev/null

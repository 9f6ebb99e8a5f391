# One host of a test: a copy of a root (this machine's /, or a debootstrap with openssh-server) that is its own to write, with its own processes, name and sshd.
# Called as root in namespaces of its own: host.sh FOLDER NAME ADDRESS PORT ROOT. All of it is gone when it ends.
set -eu
folder=$1 name=$2 address=$3 port=$4 lower=$5
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$folder/disk"
mkdir "$folder/disk/upper" "$folder/disk/work" "$folder/disk/root"
mount -t overlay -o "lowerdir=$lower,upperdir=$folder/disk/upper,workdir=$folder/disk/work" overlay "$folder/disk/root"
root=$folder/disk/root
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mkdir -p "$root/run/sshd"
hostname "$name"
echo "$name" >"$root/etc/hostname"
printf %s "$name" | md5sum | cut -c1-32 >"$root/etc/machine-id"
cp "$folder/hostkey" "$root/run/hostkey"
cp "$folder/user.pub" "$root/run/keys"
cat >"$root/run/sshd_config" <<END
ListenAddress $address:$port
HostKey /run/hostkey
AuthorizedKeysFile /run/keys
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
Banner /run/banner
MaxStartups 100
END
printf 'No entry without %s\033[31m\n' "$name" >"$root/run/banner"
if [ -f "$folder/prepare" ]; then chroot "$root" /bin/sh <"$folder/prepare"; fi
exec chroot "$root" /usr/sbin/sshd -D -f /run/sshd_config -E /run/sshd.log

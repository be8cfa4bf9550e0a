#!/bin/sh
# boot.sh TREE WORK [BIND TARGET]…: makes systemd pid 1 of a Debian tree. To be run by unshare, in namespaces of its own.
# What happens in the tree goes into WORK; each folder or file BIND of this machine is seen there at TARGET, read-only.
set -eu
tree=$1 work=$2
shift 2
root=$work/root

mkdir -p "$work/upper" "$work/overlay" "$root"
mount -t overlay overlay -o "lowerdir=$tree,upperdir=$work/upper,workdir=$work/overlay" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
# Without controllers, which may be in use by this machine's old hierarchy: systemd only follows processes with it.
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=0755 tmpfs "$root/run"
mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for device in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
    mknod -m 0666 "$root/dev/${device%%:*}" c $(echo "${device#*:}" | tr : ' ')
done

while [ $# -gt 0 ]; do
    if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$(dirname "$root$2")" && touch "$root$2"; fi
    mount --bind "$1" "$root$2"
    mount -o remount,bind,ro "$root$2"
    shift 2
done

# The network namespace has nothing but loopback.
ip link set lo up
cd "$root"
mkdir -p .machine
pivot_root . .machine
umount -l /.machine
rmdir /.machine
exec env -i container=tests PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd

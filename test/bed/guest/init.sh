#!/bin/sh
# The first process of a guest of the test bed: mounts what a Linux system has, loads the drivers of
# the agent's channel, makes a cpuset hierarchy, and hands over to busybox init (guest/inittab).
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
exec </dev/console >/dev/console 2>&1
mkdir -p /dev/pts /dev/shm /dev/virtio-ports
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp

# The order matters: each needs the one before it.
while read -r module; do insmod "/lib/modules/$module.ko"; done </etc/modules

if grep -q 'bed.cgroup=1' /proc/cmdline; then
  mount -t tmpfs tmpfs /sys/fs/cgroup
  mkdir /sys/fs/cgroup/cpuset
  mount -t cgroup -o cpuset cpuset /sys/fs/cgroup/cpuset
else
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control
fi

# There is no udev to name the port, and its name arrives a moment after the driver.
agent=
while [ -z "$agent" ]; do
  agent=$(grep -lx org.qemu.guest_agent.0 /sys/class/virtio-ports/*/name 2>/dev/null)
  [ -n "$agent" ] || usleep 20000
done
agent=${agent%/name}
ln -s "/dev/${agent##*/}" /dev/virtio-ports/org.qemu.guest_agent.0

exec /sbin/init

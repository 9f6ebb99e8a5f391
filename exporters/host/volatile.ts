/** Files that change without anybody changing them: neither content nor digest is kept, mode and owner are. */

/** A glob under the root and why it is noise, with a sample of the value. `files.include` of the same path keeps it. */
export const VOLATILE_FILES: readonly { readonly path: string; readonly because: string }[] = [
  { path: 'etc/adjtime', because: 'hwclock rewrites the drift at each shutdown: "0.000000 1700491183 0.000000"' },
  { path: 'etc/fake-hwclock.data', because: 'the hour, saved by cron: "2026-11-21 13:17:01"' },
  { path: 'etc/.pwd.lock', because: 'empty lock of passwd and useradd' },
  { path: 'etc/.updated', because: 'systemd-update-done: "TIMESTAMP_NSEC=1763731200000000000"' },
  { path: 'etc/blkid.tab*', because: 'cache of blkid with TIME="1763731200.123"' },
  { path: 'etc/lvm/{cache,archive,backup}', because: 'LVM writes each with "creation_time = 1763731200"' },
  { path: 'etc/cups/subscriptions.conf*', because: 'CUPS renews leases: "ExpirationTime 1763731200"' },
  { path: 'etc/openvpn/**/ipp.txt', because: 'addresses handed out to clients: "alice,10.8.0.6"' },
  { path: 'etc/network/run', because: 'state of ifupdown: "eth0=eth0"' },
  { path: 'etc/ld.so.cache', because: 'ldconfig rebuilds it from /etc/ld.so.conf.d and the libraries at every package run' },
  { path: 'etc/udev/hwdb.bin', because: 'compiled from hwdb.d at every package run' },
].flatMap(({ path, because }) => expand(path).map((each) => ({ path: each, because })));

function expand(path: string): string[] {
  const found = /^(.*)\{(.*)\}(.*)$/.exec(path);
  return found === null ? [path] : (found[2] ?? '').split(',').map((word) => `${found[1]}${word}${found[3]}`);
}

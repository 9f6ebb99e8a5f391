/** Files that programs make beside the one they write and take away again: an edit of theirs is told of that one. */

/** A name and the program that makes it. */
const SCRATCH: readonly { readonly name: RegExp; readonly by: string }[] = [
  { name: /^\..*\.sw[a-z]$|^4913$|~$/, by: 'vi' },
  { name: /^\.#|^#.*#$/, by: 'emacs' },
  { name: /^sed[A-Za-z0-9]{6}$/, by: 'sed -i' },
  { name: /\.save(\.\d+)?$/, by: 'nano' },
  { name: /\.dpkg-(new|tmp|dist|bak)$|\.ucf-(new|old|dist)$/, by: 'dpkg' },
  { name: /;[0-9a-f]{8}$|\.rpmnew$/, by: 'rpm' },
  { name: /^(passwd|shadow|group|gshadow|subuid|subgid)([-+]|\.lock|\.\d+)$|^\.pwd\.lock$/, by: 'shadow-utils' },
  { name: /^(sudoers|crontab)\.(tmp|\w{6})$/, by: 'visudo' },
  { name: /~$|\.tmp$|\.temp$|^tmp\.\w{6,}$|\.(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{6}$/, by: 'many' },
  { name: /^\.goutputstream-|^\.nfs[0-9a-f]+$/, by: 'desktops and NFS' },
];

export function isScratch(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return SCRATCH.some((each) => each.name.test(name));
}

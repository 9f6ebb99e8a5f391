/** The system calls that change files: what each does and which of its arguments tells the value. */

export interface FileCall {
  readonly name: string;
  readonly does: 'open' | 'write' | 'mode' | 'owner' | 'attributes' | 'names';
  /** The argument (a0 … a3) that holds the open flags, the mode, or the new owner, whose group is the next one. */
  readonly argument?: number;
}

const call = (does: FileCall['does'], names: Readonly<Record<string, number | null>>): FileCall[] =>
  Object.entries(names).map(([name, argument]) => ({ name, does, ...(argument === null ? {} : { argument }) }));

/** By the manual pages of section 2. `openat2` has its flags in a record of its own, `creat` always writes. */
const CALLS: readonly FileCall[] = [
  ...call('open', { open: 1, openat: 2, openat2: null, creat: null }),
  ...call('write', { truncate: null, ftruncate: null, fallocate: null }),
  ...call('mode', { chmod: 1, fchmod: 1, fchmodat: 2, fchmodat2: 2 }),
  ...call('owner', { chown: 1, lchown: 1, fchown: 1, fchownat: 2 }),
  ...call('attributes', { setxattr: null, lsetxattr: null, fsetxattr: null, removexattr: null, lremovexattr: null, fremovexattr: null }),
  ...call('names', { rename: null, renameat: null, renameat2: null, link: null, linkat: null, symlink: null, symlinkat: null }),
  ...call('names', { unlink: null, unlinkat: null, rmdir: null, mkdir: null, mkdirat: null, mknod: null, mknodat: null }),
];
const BY_NAME = new Map(CALLS.map((each) => [each.name, each]));

/** Numbers by architecture, as `ausyscall <machine> --dump` prints them; ENRICHED logs have the name. */
const NUMBERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // x86_64
  c000003e: {
    open: 2, truncate: 76, ftruncate: 77, rename: 82, mkdir: 83, rmdir: 84, creat: 85, link: 86, unlink: 87, symlink: 88, chmod: 90, fchmod: 91,
    chown: 92, fchown: 93, lchown: 94, mknod: 133, setxattr: 188, lsetxattr: 189, fsetxattr: 190, removexattr: 197, lremovexattr: 198,
    fremovexattr: 199, openat: 257, mkdirat: 258, mknodat: 259, fchownat: 260, unlinkat: 263, renameat: 264, linkat: 265, symlinkat: 266,
    fchmodat: 268, fallocate: 285, renameat2: 316, openat2: 437, fchmodat2: 452,
  }, // biome-ignore format: a table
  // aarch64 and riscv64 share the generic table
  c00000b7: {
    setxattr: 5, lsetxattr: 6, fsetxattr: 7, removexattr: 14, lremovexattr: 15, fremovexattr: 16, mknodat: 33, mkdirat: 34, unlinkat: 35,
    symlinkat: 36, linkat: 37, renameat: 38, truncate: 45, ftruncate: 46, fallocate: 47, fchmod: 52, fchmodat: 53, fchownat: 54, fchown: 55,
    openat: 56, renameat2: 276, openat2: 437, fchmodat2: 452,
  }, // biome-ignore format: a table
};
const GENERIC = NUMBERS.c00000b7 ?? {};
const BY_NUMBER = new Map(
  Object.entries({ ...NUMBERS, c00000f3: GENERIC }).flatMap(([arch, table]) =>
    Object.entries(table).map(([name, number]): [string, string] => [`${arch} ${number}`, name]),
  ),
);

/** Undefined for a call that changes no file, or of a machine whose numbers are not known and that no name stands beside. */
export function fileCall(arch: string, number: string, name: string | undefined): FileCall | undefined {
  return BY_NAME.get(name ?? BY_NUMBER.get(`${arch} ${number}`) ?? '');
}

const [WRITE_ONLY, READ_WRITE, CREATE, TRUNCATE] = [0o1, 0o2, 0o100, 0o1000];

/** open(2): flags of fcntl.h, the same numbers on all these machines. */
export function opensToWrite(flags: number): boolean {
  return (flags & (WRITE_ONLY | READ_WRITE | CREATE | TRUNCATE)) !== 0;
}

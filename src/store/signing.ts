/** Signs a commit when the user's git is told to: fast-import cannot. */
import type { Git } from './git.ts';

/** The same commit with a signature, on another parent if told; itself when `commit.gpgSign` is not set. */
export async function signed(git: Git, sha: string, parent?: string): Promise<string> {
  const wanted = await git.run(['config', '--type=bool', '--get', 'commit.gpgSign'], { codes: [0, 1] });
  if (wanted.stdout.toString('utf8').trim() !== 'true') return sha;
  const [tree = '', parents = '', name = '', email = '', seconds = '', message = ''] = (
    await git.text(['log', '-1', '--no-show-signature', '--format=%T%x00%P%x00%an%x00%ae%x00%ct%x00%B', sha])
  ).split('\0');
  const args = [
    'commit-tree',
    '-S',
    tree,
    ...(parent === undefined ? parents.split(' ').filter(Boolean) : [parent]).flatMap((each) => ['-p', each]),
    '-F',
    '-',
  ];
  const date = `${seconds} +0000`;
  return git.text(args, {
    input: `${message.trimEnd()}\n`,
    env: {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    },
  });
}

/** Whether the snapshots' history is the one that was written here. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import { readTips } from '../store/tips.ts';
import type { Session } from './session.ts';
import type { Problem, Verdict } from './verify-verdict.ts';

/** Milliseconds that the remote may take. */
const REMOTE_DEADLINE = 120_000;

export async function historyVerdict(deployment: Deployment, { signal, progress }: Session): Promise<Verdict> {
  const { store, stateDir, config } = deployment;
  progress('reading every object');
  const broken: Problem[] = (await store.inspect({ deep: true })).map(({ code, message, repair }) => ({
    what: code,
    detail: message,
    repair,
  }));
  const { tips, damaged } = readTips(stateDir);
  if (damaged > 0) broken.push({ what: 'tips-damaged', detail: `${damaged} lines of ${stateDir}/tips were not written by drifttrail` });
  try {
    const { problems, gaps, notes, commits, signatures } = await store.verify({
      tips,
      fileKind: fileKinds(deployment),
      ...(config.remote === undefined ? {} : { remote: config.remote }),
      deadline: REMOTE_DEADLINE,
      signal,
      progress,
    });
    const found = problems.map(({ code, message, commit }) => ({
      what: code,
      detail: message,
      ...(commit === undefined ? {} : { commit }),
    }));
    return { problems: [...broken, ...found], gaps, notes, checked: { commits, signatures, 'kept tips': tips.length } };
  } catch (error) {
    // A history that git cannot read is what was found above, not a failure of the check.
    if (!(error instanceof DrifttrailError) || broken.length === 0) throw error;
    return { problems: broken, gaps: [describeError(error)], notes: [], checked: {} };
  }
}

function fileKinds({ layout, exporters }: Deployment): (path: string) => 'known' | 'foreign' | 'unconfigured' {
  const roots = new Set(['coverage', ...exporters.map(({ exporter }) => exporter.scopes.root)]);
  return (path) => {
    if (layout.coverageOf(path) !== undefined) return 'known';
    const ref = layout.refOf(path);
    if (ref !== undefined) return layout.pathOf(ref) === path ? 'known' : 'foreign';
    const slash = path.indexOf('/');
    return slash === -1 || roots.has(path.slice(0, slash)) ? 'foreign' : 'unconfigured';
  };
}

/** Packages that came, went or changed their version. */
import { type Effect, type EventRule, isObject } from 'drifttrail';
import { type Act, calm, fact, member, nothing, ruleFor, set, sides, text, unset } from './act.ts';

/** name-[epoch:]version-release.architecture, as rpm names what it installs; the older form has the epoch in front. */
const RPM = /^(?:(\d+):)?(.+)-(?:(\d+):)?([^-]+-[^-]+)\.([^.]+)$/;
/** Kernels and keys of several versions stand side by side, each under its version. */
const SIDE_BY_SIDE = /^(kernel($|-)|gpg-pubkey$|installonlypkg)/;

export const packageRules: readonly EventRule[] = [
  ...['install', 'upgrade', 'remove', 'purge'].map((name) => ruleFor('linux-packages', name, (act) => packageEffects(act, name))),
  ruleFor('linux-audit', 'SOFTWARE_UPDATE', (act) => packageEffects(act, text(act.request, 'op') ?? '')),
];

function packageEffects(act: Act, action: string): Effect[] {
  const ref = fact(act, 'host.package');
  const found = named(act);
  if (found === undefined) return nothing(act, 'a package without a name', 'host.package', '');
  const entry = member(found.key);
  const { before, after } = sides(act, ref, entry);
  const effects = /^(install|upgrade|update)$/.test(action)
    ? came(ref, entry, found.version, before !== undefined)
    : [after === undefined ? unset(ref, entry) : set(ref, `${entry}/status`, 'deinstall ok config-files')];
  const status = [before, after].map((side) => text(side, 'status'));
  const more =
    before !== undefined && after !== undefined && status[0] !== status[1] && effects.every(({ path }) => !path.endsWith('/status'))
      ? [set(ref, `${entry}/status`)]
      : [];
  return act.event.actor.type === 'Service' ? calm(act, [...effects, ...more]) : [...effects, ...more];
}

function came(ref: Effect['ref'], entry: string, version: string | undefined, known: boolean): Effect[] {
  if (known) return [set(ref, `${entry}/version`, version)];
  return [set(ref, entry, version === undefined ? undefined : { version })];
}

function named(act: Act): { readonly key: string; readonly version: string | undefined } | undefined {
  const { request, lookup } = act;
  const full = text(request, 'full') ?? (act.event.name === 'SOFTWARE_UPDATE' ? text(request, 'package') : undefined);
  if (full !== undefined) {
    const [, front, name = '', epoch = front, version = ''] = RPM.exec(full) ?? [];
    if (name === '') return undefined;
    const told = epoch === undefined || epoch === '0' ? version : `${epoch}:${version}`;
    return { key: SIDE_BY_SIDE.test(name) ? `${name}-${told}` : name, version: told };
  }
  const name = text(request, 'package');
  if (name === undefined) return undefined;
  const foreign = `${name}:${text(request, 'architecture') ?? ''}`;
  const ref = fact(act, 'host.package');
  const isForeign = [lookup.before(ref), lookup.after(ref)].some((document) => isObject(document) && Object.hasOwn(document, foreign));
  return { key: isForeign ? foreign : name, version: text(request, 'after') };
}

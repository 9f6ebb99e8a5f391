/** Whether each account has a password and since when, never the hash; a fact of its own because only root reads shadow. */
import type { JsonObject } from 'drifttrail';
import type { Fact } from './fact.ts';
import { dataLines, keyed } from './fact.ts';

export const passwords: Fact = {
  name: 'passwords',
  kind: 'host.password',
  title: 'password',
  read: (source) => {
    const shadow = source.read('etc/shadow');
    return shadow === undefined ? undefined : passwordsOf(shadow);
  },
};

const DAY = 86_400_000;

/** shadow(5): days since 1970 in fields 3 and 8. */
export function passwordsOf(shadow: string): JsonObject {
  return keyed(
    dataLines(shadow).map((line): [string, JsonObject] => {
      const [name = '', hash = '', changed = '', , maximum = '', , , expires = ''] = line.split(':');
      return [
        name,
        {
          state: hash === '' ? 'none' : /^[!*]/.test(hash) ? 'locked' : 'set',
          ...(day(changed) === undefined ? {} : { changed: day(changed) as string }),
          ...(/^\d+$/.test(maximum) && Number(maximum) < 99_999 ? { maximumDays: Number(maximum) } : {}),
          ...(day(expires) === undefined ? {} : { expires: day(expires) as string }),
        },
      ];
    }),
  );
}

function day(days: string): string | undefined {
  return /^\d{1,6}$/.test(days) ? new Date(Number(days) * DAY).toISOString().slice(0, 10) : undefined;
}

/** Whether a digest was due: the turns of a cron expression by the clock on somebody's wall. */
import { parse, validate } from 'node-cron';
import { MINUTE, wallClock } from './hours.ts';

/** Whatever the cron expression says, what was held longer goes out. */
const LONGEST = 40 * 24 * 60 * MINUTE;

export function isCron(expression: string): boolean {
  return expression.trim().split(/\s+/).length === 5 && validate(expression);
}

/** Whether the cron expression had a turn after `since` and not after `now`. */
export function hadTurn(expression: string, zone: string, since: Date, now: Date): boolean {
  if (now.getTime() - since.getTime() > LONGEST) return true;
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  const [, , days = '*', , weekdays = '*'] = expression.trim().split(/\s+/).slice(-5);
  const read = wallClock(zone);
  for (let time = (Math.floor(since.getTime() / MINUTE) + 1) * MINUTE; time <= now.getTime(); time += MINUTE) {
    const wall = read(time);
    if (!minute.includes(wall.minute) || !hour.includes(wall.hour) || !month.includes(wall.month)) continue;
    const [byDay, byWeekday] = [dayOfMonth.includes(wall.day), dayOfWeek.includes(wall.weekday)];
    // As cron has it: when both are restricted, either will do.
    if (days !== '*' && weekdays !== '*' ? byDay || byWeekday : byDay && byWeekday) return true;
  }
  return false;
}

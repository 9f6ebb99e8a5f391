/** Options that trails of logs have in common. */
import { z } from 'zod';

/** Links such as Etc/UTC and US/Eastern are zones, too, though `Intl.supportedValuesOf` does not list them. */
export const zoneOption = z.string().refine(isZone, 'must be a time zone such as Europe/Berlin').optional();

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

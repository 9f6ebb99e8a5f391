/** The tables of the event store, and the statements that fill them. */

/** Raised when the tables change; an older store is brought up to date by a step for each version. */
export const VERSION = 3;

// Events have no primary key: checking one costs more memory than asking which ids are there. The text of a large one stands in
// several rows, one after the other: the engine holds some thousand rows at once, and an object of a cluster may have a megabyte.
export const TABLES = `
CREATE TABLE IF NOT EXISTS meta (version INTEGER);
CREATE TABLE IF NOT EXISTS events (id VARCHAR, time BIGINT, issued VARCHAR, part INTEGER, event VARCHAR);
CREATE TABLE IF NOT EXISTS marks (trail VARCHAR, key VARCHAR, value VARCHAR, PRIMARY KEY (trail, key));
CREATE TABLE IF NOT EXISTS covered (account VARCHAR, region VARCHAR, "from" BIGINT, "to" BIGINT);
CREATE TABLE IF NOT EXISTS seen (account VARCHAR, who VARCHAR, aspect VARCHAR, value VARCHAR, first BIGINT, PRIMARY KEY (account, who, aspect, value));
CREATE TEMP TABLE IF NOT EXISTS sights (account VARCHAR, who VARCHAR, aspect VARCHAR, value VARCHAR, first BIGINT);`;

/** A correction replaces what it corrects, whatever time either has. Reads all ids, so only when there are corrections. */
export const CORRECT = 'DELETE FROM events WHERE id IN (SELECT unnest(?))';

/**
 * Everything else is kept as first seen. Copies of a record have its time: only events from the first to the last time
 * of the batch are compared, which spares reading a million ids for each batch.
 */
export const KNOWN = 'SELECT id FROM events WHERE part = 0 AND id IN (SELECT unnest(?)) AND time >= ? AND time <= ?';

export const BETWEEN = 'SELECT time, part, event FROM events WHERE time > ? AND time <= ?';
export const ISSUERS = 'SELECT time, part, event FROM events WHERE issued IN (SELECT unnest(?))';
export const KEEP_MARK = 'INSERT INTO marks VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';
/** Most sights are old ones: a join finds them at once, where an upsert each ran out of the engine's memory after some ten thousand. */
export const KEEP_FIRSTS = `
INSERT INTO seen
  SELECT new.* FROM sights AS new
  LEFT JOIN seen AS old USING (account, who, aspect, value)
  WHERE old.first IS NULL OR new.first < old.first
  ON CONFLICT DO UPDATE SET first = least(first, excluded.first)`;
export const FORGET_SIGHTS = 'DELETE FROM sights';
export const FIRSTS = 'SELECT account, who, aspect, value, first FROM seen WHERE list_contains(?, account)';

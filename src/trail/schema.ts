/** The tables of the event store, and the statements that fill them. */

/** Raised when the tables change; an older store is brought up to date by a step for each version. */
export const VERSION = 2;

// Events have no primary key: checking one costs more memory than the anti-join that keeps ids unique.
export const TABLES = `
CREATE TABLE IF NOT EXISTS meta (version INTEGER);
CREATE TABLE IF NOT EXISTS events (id VARCHAR, time BIGINT, issued VARCHAR, event VARCHAR);
CREATE TABLE IF NOT EXISTS marks (trail VARCHAR, key VARCHAR, value VARCHAR, PRIMARY KEY (trail, key));
CREATE TABLE IF NOT EXISTS covered (account VARCHAR, region VARCHAR, "from" BIGINT, "to" BIGINT);
CREATE TABLE IF NOT EXISTS seen (account VARCHAR, who VARCHAR, aspect VARCHAR, value VARCHAR, first BIGINT, PRIMARY KEY (account, who, aspect, value));
CREATE TEMP TABLE IF NOT EXISTS staging (seq INTEGER, id VARCHAR, time BIGINT, issued VARCHAR, addendum BOOLEAN, event VARCHAR);
CREATE TEMP TABLE IF NOT EXISTS sights (account VARCHAR, who VARCHAR, aspect VARCHAR, value VARCHAR, first BIGINT);`;

/** A correction replaces what it corrects, whatever time either has. Reads all ids, so only when there are corrections. */
export const CORRECT = 'DELETE FROM events WHERE id IN (SELECT id FROM staging WHERE addendum)';

/**
 * Everything else is kept as first seen. Copies of a record have its time: only events from the first to the last time
 * of the batch are compared, which spares reading a million ids for each batch.
 */
export const MERGE = `
INSERT INTO events
  SELECT id, time, issued, event FROM staging AS new
  WHERE NOT EXISTS (SELECT 1 FROM events AS old WHERE old.id = new.id AND old.time >= ? AND old.time <= ?)
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY addendum DESC, seq) = 1`;
export const UNSTAGE = 'DELETE FROM staging';

export const BETWEEN = 'SELECT event FROM events WHERE time > ? AND time <= ? ORDER BY time, id';
export const ISSUERS = 'SELECT issued, event FROM events WHERE list_contains(?, issued) ORDER BY time, id';
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

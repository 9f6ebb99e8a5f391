/** SQL as words, names, strings and signs: enough to tell what a statement of DDL names, and where a password stands. */

export interface Token {
  readonly type: 'word' | 'name' | 'string' | 'number' | 'sign';
  /** As written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Dialect {
  /** Backquotes quote names, double quotes strings, a backslash escapes, `#` begins a comment. */
  readonly backquotes: boolean;
}

export const POSTGRES: Dialect = { backquotes: false };
export const MYSQL: Dialect = { backquotes: true };

const SPACE = /\s+/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d[\d.]*(?:[eE][+-]?\d+)?/y;
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const SIGN = /::|:=|=>|[<>!]=|[^\s\w]/uy;

/** Never throws: what is cut off in the middle of a string is a string to its end. */
export function tokenize(sql: string, { backquotes }: Dialect = POSTGRES): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(sql)?.[0];
  };
  const push = (type: Token['type'], end: number) => {
    tokens.push({ type, text: sql.slice(at, end), start: at, end });
    at = end;
  };
  while (at < sql.length) {
    const space = match(SPACE);
    if (space !== undefined) at += space.length;
    else if (sql.startsWith('--', at) || (backquotes && sql[at] === '#')) at = after(sql.indexOf('\n', at), sql);
    else if (sql.startsWith('/*', at)) at = commentEnd(sql, at);
    else if (sql[at] === "'") push('string', quoteEnd(sql, at, "'", backquotes));
    else if (/^[eE]'/.test(sql.slice(at, at + 2))) push('string', quoteEnd(sql, at + 1, "'", true));
    else if (/^(?:[bBxXnN]'|[uU]&')/.test(sql.slice(at, at + 3))) push('string', quoteEnd(sql, sql.indexOf("'", at), "'", false));
    else if (sql[at] === '"') push(backquotes ? 'string' : 'name', quoteEnd(sql, at, '"', backquotes));
    else if (backquotes && sql[at] === '`') push('name', quoteEnd(sql, at, '`', false));
    else if (!backquotes && match(DOLLAR) !== undefined) {
      const tag = match(DOLLAR) ?? '';
      const close = sql.indexOf(tag, at + tag.length);
      push('string', close < 0 ? sql.length : close + tag.length);
    } else {
      const word = match(WORD);
      const number = word === undefined ? match(NUMBER) : undefined;
      push(
        word !== undefined ? 'word' : number !== undefined ? 'number' : 'sign',
        at + (word ?? number ?? match(SIGN) ?? sql.charAt(at)).length,
      );
    }
  }
  return tokens;
}

const after = (index: number, sql: string): number => (index < 0 ? sql.length : index + 1);

/** Comments nest. */
function commentEnd(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return sql.length;
}

function quoteEnd(sql: string, start: number, quote: string, backslash: boolean): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (backslash && sql[at] === '\\') at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return sql.length;
}

/** The texts of the statements of a string, parted at semicolons outside of parentheses and of bodies (`BEGIN ATOMIC … END`). */
export function splitStatements(sql: string): string[] {
  const found: string[] = [];
  let start: number | undefined;
  let end = 0;
  let depth = 0;
  let bodies = 0;
  const tokens = tokenize(sql);
  for (const [index, token] of tokens.entries()) {
    const word = token.type === 'word' ? token.text.toUpperCase() : '';
    if (token.text === '(') depth++;
    if (token.text === ')') depth = Math.max(0, depth - 1);
    // A BEGIN inside of a statement opens a body; one that stands first begins a transaction.
    if (start !== undefined && (word === 'BEGIN' || (bodies > 0 && word === 'CASE'))) bodies++;
    if (bodies > 0 && word === 'END') bodies--;
    if (token.text === ';' && depth === 0 && bodies === 0) {
      if (start !== undefined) found.push(sql.slice(start, end));
      start = undefined;
      continue;
    }
    start ??= token.start;
    end = token.end;
    if (index === tokens.length - 1) found.push(sql.slice(start, end));
  }
  return found;
}

/** Words after which a string is a secret, with what may stand between. */
const SECRET_WORD = /passw|secret|token|conninfo|^connection$|^identified$|passcode|credential|^auth_string$|_key$/i;
const BETWEEN = /^(?:=|:=|=>|\(|to|by|as|with|via|using|password|encrypted|old|or|,)$/i;
const HIDDEN = "'«redacted»'";

/** A statement without the secrets that it tells: what stands after PASSWORD, IDENTIFIED BY, CONNECTION and their kin. */
export function withoutSecrets(sql: string, dialect: Dialect = POSTGRES): string {
  const tokens = tokenize(sql, dialect);
  let open = false;
  let identified = false;
  let out = '';
  let at = 0;
  for (const token of tokens) {
    if (token.type === 'word' || token.type === 'name') {
      const name = token.type === 'name' ? token.text.slice(1, -1) : token.text;
      if (/^identified$/i.test(name)) identified = true;
      // After IDENTIFIED VIA comes the name of a plug-in.
      open = SECRET_WORD.test(name) || (open && (identified || BETWEEN.test(name)));
    } else if (token.type === 'string') {
      if (open) {
        out += sql.slice(at, token.start) + HIDDEN;
        at = token.end;
      } else if (token.text.startsWith('$')) {
        // A body is SQL of its own.
        const tag = token.text.slice(0, token.text.indexOf('$', 1) + 1);
        const body =
          token.text.endsWith(tag) && token.text.length >= 2 * tag.length
            ? token.text.slice(tag.length, -tag.length)
            : token.text.slice(tag.length);
        out += sql.slice(at, token.start) + tag + withoutSecrets(body, dialect) + token.text.slice(tag.length + body.length);
        at = token.end;
      }
      open = open && identified;
    } else if (!BETWEEN.test(token.text)) {
      open = false;
      identified = false;
    }
  }
  return out + sql.slice(at);
}

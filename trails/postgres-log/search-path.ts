/** SET search_path, where the log shows it: names without a schema are looked for there from then on. */
import { meant } from '../../exporters/_sql/names.ts';

const SET = /^\s*set\s+(?:session\s+)?search_path\s*(?:=|to)\s*([\s\S]*)$/i;
const RESET = /^\s*(?:reset\s+(?:search_path|all)|discard\s+all)\b|^\s*set\s+(?:session\s+)?search_path\s*(?:=|to)\s*default\b/i;

/** Schemas in order; undefined where the statement is about something else. What the path is by default, no log tells: then it is unknown again. */
export function searchPathIn(text: string, user: string | undefined): readonly string[] | undefined {
  if (RESET.test(text)) return [];
  const [, list] = SET.exec(text) ?? [];
  if (list === undefined) return undefined;
  const words = list.match(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[^\s,;]+/g) ?? [];
  return words.map((word) => {
    const name = word.startsWith("'") ? word.slice(1, -1) : meant(word);
    return name === '$user' ? (user ?? name) : name;
  });
}

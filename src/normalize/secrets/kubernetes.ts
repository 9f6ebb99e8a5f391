/** Kubernetes Secrets in YAML text: every value under `data` and `stringData`, whatever its name. */
import type { Span } from './types.ts';

const SECRET_KIND = /^(?<indent>[ \t]*(?:- )?)["']?kind["']?:[ \t]*["']?Secret["']?[ \t]*\r?$/m;
const BLOCK = /^(?<indent>[ \t]*)(?:data|stringData):[ \t]*\r?\n(?<body>(?:(?:\k<indent>[ \t]+[^\n]*|[ \t]*)(?:\n|$(?![\s\S])))+)/dgm;
const ENTRY =
  /^(?<lead>[ \t]*)(?:"[^"\n]+"|[^\s:#][^:\n]*):[ \t]*(?:[|>][-+0-9]*[ \t]*\r?\n(?<block>(?:\k<lead>[ \t]+[^\n]*(?:\n|$(?![\s\S])))+)|(?<value>\S[^\n]*))/dgm;

export function kubernetesSecrets(text: string): Span[] {
  if (!text.includes('Secret') || !SECRET_KIND.test(text)) return [];
  const spans: Span[] = [];
  let documentStart = 0;
  for (const document of text.split(/^---.*$/m)) {
    const offset = text.indexOf(document, documentStart);
    documentStart = offset + document.length;
    if (!SECRET_KIND.test(document)) continue;
    for (const block of document.matchAll(BLOCK)) {
      const at = block.indices?.groups?.body?.[0] ?? 0;
      for (const entry of (block.groups?.body ?? '').matchAll(ENTRY)) {
        const range = entry.indices?.groups?.block ?? entry.indices?.groups?.value;
        if (range) spans.push(trim(text, offset + at + range[0], offset + at + range[1]));
      }
    }
  }
  return spans;
}

function trim(text: string, from: number, to: number): Span {
  let start = from;
  let end = to;
  while (start < end && /[\s"']/.test(text[start] ?? '')) start++;
  while (end > start && /[\s"']/.test(text[end - 1] ?? '')) end--;
  return { start, end };
}

/**
 * A message as an Adaptive Card for a Teams workflow. Microsoft's limit is 28 KB; 12 KB leaves room for what the workflow
 * adds. Everything from outside stands in TextRuns, which, unlike TextBlocks, render no Markdown (Adaptive Cards 1.2).
 */
import { cut, type Level, type Message, neutraliseLine } from 'drifttrail';
import { findingLines, fitting, footer, subjectLine, totalsLines, worstLevel } from '../_message/text.ts';

export interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Large';
  readonly isSubtle?: true;
  readonly color?: 'Attention' | 'Warning' | 'Good' | 'Default';
}
export interface Block {
  readonly type: 'RichTextBlock';
  readonly spacing?: 'None' | 'Medium';
  readonly inlines: readonly [TextRun];
}
export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: {
        readonly $schema: string;
        readonly type: 'AdaptiveCard';
        readonly version: '1.2';
        readonly fallbackText: string;
        readonly msteams: { readonly width: 'Full' };
        readonly body: readonly Block[];
        readonly actions?: readonly [{ readonly type: 'Action.OpenUrl'; readonly title: string; readonly url: string }];
      };
    },
  ];
}

const MOST_BYTES = 12 * 1024;
const COLOURS: Readonly<Record<Level, TextRun['color']>> = {
  critical: 'Attention',
  high: 'Attention',
  medium: 'Warning',
  low: 'Default',
  info: 'Default',
};

export function encode(message: Message): TeamsMessage {
  return fitting(message, card, (form) => Buffer.byteLength(JSON.stringify(form)) <= MOST_BYTES);
}

function card(message: Message, lines: number): TeamsMessage {
  const title = cut(neutraliseLine(message.title), 200);
  const worst = worstLevel(message);
  const color = message.kind === 'resolve' ? 'Good' : worst === undefined ? 'Default' : COLOURS[worst];
  const body = [
    block({ text: title, weight: 'Bolder', size: 'Large', color }),
    ...[subjectLine(message), ...totalsLines(message)].filter((line) => line !== '').map((text) => block({ text })),
    ...message.findings.flatMap((finding) =>
      findingLines(finding, lines).map((text, index) =>
        index === 0 ? block({ text, weight: 'Bolder', color: COLOURS[finding.level] }, 'Medium') : block({ text }, 'None'),
      ),
    ),
    block({ text: footer(message), isSubtle: true }, 'Medium'),
  ];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    fallbackText: title,
    msteams: { width: 'Full' },
    body,
    ...(/^https?:\/\/\S+$/.test(message.link) && message.link.length <= 2000
      ? { actions: [{ type: 'Action.OpenUrl', title: 'Open', url: message.link }] as const }
      : {}),
  } as const;
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] };
}

/** An empty text is refused by some clients. */
function block(
  run: Omit<TextRun, 'type' | 'color'> & { readonly color?: TextRun['color'] | undefined },
  spacing?: Block['spacing'],
): Block {
  const { color, text, ...rest } = run;
  const inline: TextRun = { type: 'TextRun', ...rest, text: text || '-', ...(color === undefined ? {} : { color }) };
  return { type: 'RichTextBlock', ...(spacing === undefined ? {} : { spacing }), inlines: [inline] };
}

/** The report as SARIF 2.1.0, for code scanning. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import type { Finding, JsonObject, Level } from '../model.ts';
import { clean } from './clean.ts';
import type { ReportData } from './contract.ts';
import { compareFindings } from './order.ts';
import { actText, refOf, resourceText, undoneText, whenText, whoText } from './words.ts';

export interface SarifOptions {
  readonly titles?: Readonly<Record<string, string>>;
  /** Of drifttrail. */
  readonly version: string;
  /** The file in the snapshots repository that says how a scope was read, for what has no file of its own. */
  readonly scopeFile?: (scope: string) => string | undefined;
}

/** Receivers take no more. https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning */
const MOST = 5000;
const LEVELS: Readonly<Record<Level, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** A change that no rule speaks of is still a result. */
const UNRANKED = 'drift';
const BASE = 'SNAPSHOTS';

export function toSarif(report: ReportData, options: SarifOptions): JsonObject {
  const findings = [...report.findings].sort(compareFindings);
  const shown = findings.slice(0, MOST);
  const rules = [...new Set(shown.map(ruleOf))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'drifttrail',
            semanticVersion: options.version,
            rules: rules.map((id) => ({ id, defaultConfiguration: { level: 'warning' } })),
          },
        },
        originalUriBaseIds: { [BASE]: { description: { text: 'the snapshots repository' } } },
        invocations: [
          {
            executionSuccessful: report.gaps.length === 0,
            endTimeUtc: report.generatedAt,
            toolExecutionNotifications: [
              ...report.gaps.map(({ scope, kind, reason, detail }) => ({
                level: 'warning',
                message: { text: clean(`not seen: ${scope} ${kind ?? 'everything'}: ${reason}, ${detail}`) },
              })),
              ...(findings.length > MOST
                ? [{ level: 'warning', message: { text: `${findings.length - MOST} results of lower threat are left out` } }]
                : []),
            ],
          },
        ],
        results: shown.map((finding) => resultOf(finding, rules, options)),
      },
    ],
  };
}

function ruleOf({ rules }: Finding): string {
  return rules[0] ?? UNRANKED;
}

function resultOf(finding: Finding, rules: readonly string[], { titles, scopeFile }: SarifOptions): JsonObject {
  const { attribution, commit, ignored, level, score, undo = [], undone } = finding;
  const who = whoText(finding);
  const text = [
    `${resourceText(finding, titles)}: ${actText(finding)} — ${who === '' ? '' : `${who}, `}${whenText(finding)}`,
    ...finding.reasons,
    ...(undone === undefined ? [] : [undoneText(finding)]),
  ];
  return {
    ruleId: ruleOf(finding),
    ruleIndex: rules.indexOf(ruleOf(finding)),
    level: LEVELS[level],
    rank: score,
    message: { text: text.map((line) => clean(line)).join('. ') },
    locations: [locationOf(finding, scopeFile)],
    partialFingerprints: { 'drifttrail/v1': finding.id },
    ...(ignored === undefined ? {} : { suppressions: [{ kind: 'external', justification: clean(ignored) }] }),
    properties: {
      level,
      rules: [...finding.rules],
      status: attribution.status,
      ...(attribution.actor === undefined ? {} : { actor: clean(attribution.actor.name) }),
      ...(commit === null ? {} : { commit }),
      ...(undo.length === 0 ? {} : { undo: undo.map((line) => clean(line)) }),
    },
  };
}

/** Stands in every snapshots repository, and for what no file there tells of: something that nobody reads, groups that differ. */
const LAST_RESORT = 'README.md';

/**
 * GitHub refuses the whole file when one result has no physical location: what could not be read, or left no diff, is placed at
 * the coverage file of its scope. The line is the first, for want of one that is known.
 */
function locationOf(finding: Finding, scopeFile: SarifOptions['scopeFile']): JsonObject {
  const ref = refOf(finding);
  const scope = ref?.scope ?? finding.coverage?.gap.scope ?? '';
  const path = finding.change?.path || finding.transient?.path || scopeFile?.(scope) || LAST_RESORT;
  const name = ref === undefined ? scope : `${ref.scope}/${ref.kind}/${ref.id}`;
  return {
    physicalLocation: { artifactLocation: { uri: encodeURI(path), uriBaseId: BASE }, region: { startLine: 1 } },
    logicalLocations: [{ fullyQualifiedName: clean(name), kind: 'resource' }],
  };
}

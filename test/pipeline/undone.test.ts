import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffJson } from '../../src/diff/json.ts';
import { diffText } from '../../src/diff/text.ts';
import type { Finding, Json } from '../../src/model.ts';
import { markUndone } from '../../src/pipeline/undone.ts';
import { isObject } from '../../src/pointer.ts';
import { renderText } from '../../src/report/text.ts';
import { suspects } from '../../src/pipeline/timeline.ts';

/** One finding for each step from a state to the next; null is absent. */
function story(states: readonly Json[], path = 's/a'): Finding[] {
  return states.slice(1).flatMap((after, index) => {
    const before = states[index] ?? null;
    const whole = before === null || after === null;
    const texts = typeof before === 'string' && typeof after === 'string';
    const edits = whole ? [{ path: '', before, after }] : texts ? diffText(before, after) : diffJson(before, after);
    if (edits.length === 0 || (before === null && after === null)) return [];
    const type = before === null ? 'created' : after === null ? 'deleted' : 'modified';
    return [finding(`f-${path}-${index}`, { type, ref: { scope: 's', kind: 'k', id: 'a' }, path, edits }, index)];
  });
}

function finding(id: string, change: NonNullable<Finding['change']>, minute: number): Finding {
  const time = `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z`;
  return {
    id,
    commit: id,
    change,
    window: { from: time, to: time },
    attribution: {
      status: 'attributed',
      actor: { name: `p${minute}`, type: 'IAMUser', arn: null, role: null, via: 'cli', sourceIp: null, userAgent: null, mfa: null },
      events: [{ id: `e${minute}`, name: 'Do', source: 'x', time }],
      edits: {},
      because: '',
    },
    level: 'high',
    score: 70,
    rules: [],
    reasons: [],
    undo: ['put it back'],
  };
}

const undoers = (findings: readonly Finding[]) => markUndone(findings).map(({ undone }) => undone?.by);

describe('markUndone', () => {
  it('says by whom and when, and offers no undo for what is undone', () => {
    const [first, second] = markUndone(story([{ open: false }, { open: true }, { open: false }]));
    expect(first?.undone).toEqual({ by: 'f-s/a-1', at: '2026-11-20T10:01:00Z', actor: 'p1' });
    expect(first?.undo).toBeUndefined();
    expect(second?.undone).toBeUndefined();
    expect(second?.undo).toEqual(['put it back']);
  });

  it('sees leaves of a file put back, through a change of its layout, and not through one that broke it', () => {
    const step = (index: number, edits: NonNullable<Finding['change']>['edits'], more: Partial<NonNullable<Finding['change']>> = {}) =>
      finding(
        `f-${index}`,
        { type: 'modified', ref: { scope: 's', kind: 'k', id: 'a' }, path: 's/a.json', edits, readAs: 'json', ...more },
        index,
      );
    const opened = step(0, [{ path: '/open', before: false, after: true }]);
    const layout = step(1, [{ path: '/lines/1', before: 'a', after: 'b' }], { sameMeaning: true });
    const closed = step(2, [{ path: '/open', before: true, after: false }]);
    const broken = finding(
      'f-1',
      {
        type: 'modified',
        ref: { scope: 's', kind: 'k', id: 'a' },
        path: 's/a.json',
        edits: [{ path: '/lines/1', before: 'a', after: 'b' }],
      },
      1,
    );
    expect(undoers([opened, layout, closed])).toEqual(['f-2', undefined, undefined]);
    expect(undoers([opened, broken, closed])).toEqual([undefined, undefined, undefined]);
    expect(undoers([opened, closed, { ...layout, id: 'f-3' }])).toEqual(['f-2', undefined, undefined]);
  });

  it('does not count what was put back and changed again, in part, or elsewhere', () => {
    expect(undoers(story([{ a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }]))).toEqual([undefined, 'f-s/a-2', undefined]);
    expect(
      undoers(
        story([
          { a: 1, b: 1 },
          { a: 2, b: 2 },
          { a: 1, b: 2 },
        ]),
      ),
    ).toEqual([undefined, undefined]);
    expect(undoers([...story([{ a: 1 }, { a: 2 }]), ...story([{ a: 2 }, { a: 1 }], 's/b')])).toEqual([undefined, undefined]);
  });

  it('knows a resource that came and went, or came back as it was', () => {
    expect(undoers(story([null, { a: 1 }, null]))).toEqual(['f-s/a-1', undefined]);
    expect(undoers(story([{ a: 1 }, null, { a: 1 }]))).toEqual(['f-s/a-1', undefined]);
    expect(undoers(story([{ a: 1 }, null, { a: 2 }]))).toEqual([undefined, undefined]);
  });

  it('is not fooled by lines that move', () => {
    expect(undoers(story(['a\nx\n', 'a\ny\n', 'a\nx\n']))).toEqual(['f-s/a-1', undefined]);
    // The third change puts an x where the first had taken one away; the y still stands, one line below.
    expect(undoers(story(['a\nx\nb\n', 'a\ny\nb\n', 'a\nw\ny\nb\n', 'a\nx\ny\nb\n']))).toEqual([undefined, undefined, undefined]);
  });

  it('never calls undone what still differs in a text', () => {
    const text = fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 4 }).map((lines) => `${lines.join('\n')}\n`);
    fc.assert(
      fc.property(fc.array(text, { minLength: 3, maxLength: 6 }), (states) => {
        const findings = story(states);
        for (const { id, undone } of markUndone(findings)) {
          if (undone === undefined) continue;
          const [began, ended] = [id, undone.by].map((name) => Number(name.split('-').at(-1)));
          // Nothing but its own places was touched since, so that the whole text is as it was.
          expect(states[(ended ?? 0) + 1]).toBe(states[began ?? 0]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('never calls undone what still differs at the end at the end', () => {
    const state = fc.option(fc.record({ a: fc.integer({ min: 0, max: 2 }), b: fc.constantFrom('x', 'y') }, { requiredKeys: ['b'] }), {
      nil: null,
    });
    fc.assert(
      fc.property(fc.array(state, { minLength: 2, maxLength: 6 }), (states) => {
        const findings = story(states);
        const last: Json = states.at(-1) ?? null;
        for (const { id, undone, change } of markUndone(findings)) {
          if (undone === undefined) continue;
          const started = states[Number(id.split('-').at(-1))] ?? null;
          for (const { path, before } of change?.edits ?? []) {
            const key = path.slice(1);
            const now = path === '' ? last : isObject(last) ? (last[key] ?? null) : null;
            const then = path === '' ? started : before;
            expect(now).toEqual(then);
          }
        }
      }),
    );
  });

  it('stands behind what still holds in the report, and is a lesser suspect once it was put back', () => {
    const findings = markUndone([...story([{ a: 1 }, { a: 2 }, { a: 1 }]), ...story([{ b: 1 }, { b: 2 }], 's/b')]);
    const window = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' };
    const text = renderText({ findings, gaps: [], unmapped: [], window, generatedAt: window.to }, { colour: false, width: 100 });
    expect(text).toContain('put back 2026-11-20 10:01 UTC by p1, f-s/a-1');
    expect(text.indexOf('f-s/a-0 ')).toBeGreaterThan(text.indexOf('f-s/b-0 '));
    const suspicion = (at: string) => suspects(findings, at, window.from).find(({ finding: { id } }) => id === 'f-s/a-0')?.suspicion ?? 0;
    expect(suspicion('2026-11-20T10:00:59Z')).toBeGreaterThan(suspicion('2026-11-20T10:01:01Z') + 10);
  });
});

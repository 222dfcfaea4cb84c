import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../evaluation/evaluate';
import { bindPacks, triageQuestion } from '../evaluation/question';
import { testPack } from '../testing/pack';
import { allUnknown, fakeSources, healthy, NOW } from '../testing/readings';
import { notChecked } from './notChecked';

describe('what was not checked', () => {
  it('is what Triage leaves out of its count, the onset and the contrast of a change too', async () => {
    const pack = testPack();
    const [first, ...others] = pack.runbooks;
    const signal = pack.signals['error-ratio'];
    if (first === undefined || signal === undefined) {
      throw new Error('the pack of the tests has no runbook');
    }
    const [symptom = ''] = first.symptoms;
    // Neither is evidence of a cause: only the change that is names them.
    const beside = Object.fromEntries(['began-apart', 'there-without'].map((id) => [id, { ...signal, id }]));
    const change = { onset: 'began-apart', contrast: 'there-without' };
    const asked = pack.signals[symptom];
    const [cause] = first.causes;
    if (asked === undefined || cause === undefined) {
      throw new Error('the runbook of the tests has no cause');
    }
    const evidence = [...cause.evidence, { ...cause.evidence[0]!, signal: 'new-version' }];
    const bounds = bindPacks(
      [
        {
          ...pack,
          signals: { ...pack.signals, ...beside, 'new-version': { ...asked, id: 'new-version', change } },
          runbooks: [{ ...first, causes: [{ ...cause, evidence }] }, ...others],
        },
      ],
      {},
      {}
    );
    const blind = fakeSources({
      answers: (query) => (query.expr.includes('errors') ? allUnknown(query) : healthy(query)),
    });
    const evaluation = await lastValueFrom(evaluate(blind, triageQuestion(bounds, undefined), () => NOW));
    const { known, total } = evaluation.triage.signals;
    expect(total - known).toBeGreaterThan(1);
    expect(notChecked(evaluation, bounds).blindCount).toBe(total - known);
  });
});

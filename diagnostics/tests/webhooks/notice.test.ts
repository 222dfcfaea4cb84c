import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ALERTS, NotAWebhook, readNotices } from '../../src/webhooks/notice';
import { alertmanager, grafana } from './payloads';

const STARTS = '2026-01-05T03:12:00.123456789Z';
const one = { fingerprint: 'c2f6bbb2fd0c28a5', startsAt: STARTS };

describe('readNotices', () => {
  it.each([
    ['alertmanager', alertmanager([one])],
    ['grafana', grafana([one])],
  ] as const)('reads the format of %s', (source, body) => {
    expect(readNotices(body)).toEqual({
      source,
      truncated: 0,
      cut: [],
      alerts: [
        {
          fingerprint: 'c2f6bbb2fd0c28a5',
          name: 'APIDown',
          status: 'firing',
          startsAt: Date.UTC(2026, 0, 5, 3, 12, 0, 123),
          endsAt: null,
          labels: { alertname: 'APIDown', severity: 'critical', job: 'gorax-api' },
        },
      ],
    });
  });

  it('has the end of what is resolved, and takes the year 1 for no end', () => {
    const resolved = { ...one, status: 'resolved' as const, endsAt: '2026-01-05T03:20:00Z' };
    expect(readNotices(alertmanager([resolved])).alerts[0]).toMatchObject({
      status: 'resolved',
      endsAt: Date.UTC(2026, 0, 5, 3, 20),
    });
    expect(readNotices(alertmanager([{ ...resolved, endsAt: '0001-01-01T00:00:00Z' }])).alerts[0]?.endsAt).toBeNull();
  });

  const [alert] = alertmanager([one]).alerts;
  const withAlert = (over: object) => ({ ...alertmanager([]), alerts: [{ ...alert, ...over }] });
  it.each([
    ['nothing', undefined, 'the body'],
    ['a list', [], 'the body'],
    ['no alerts', { version: '4' }, '`alerts`'],
    ['an empty list of alerts', alertmanager([]), '`alerts`'],
    ['no fingerprint', withAlert({ fingerprint: undefined }), '`alerts.0.fingerprint`'],
    ['a strange fingerprint', withAlert({ fingerprint: "'; DROP TABLE alert" }), '`alerts.0.fingerprint`'],
    ['no time', withAlert({ startsAt: 'yesterday' }), '`alerts.0.startsAt`'],
    ['a date without a time', withAlert({ startsAt: '2026-01-05' }), '`alerts.0.startsAt`'],
    ['labels that are no texts', withAlert({ labels: { alertname: 1 } }), '`alerts.0.labels.alertname`'],
    ['an unknown status', withAlert({ status: 'pending' }), '`alerts.0.status`'],
  ])('refuses %s, and says where', (_, body, where) => {
    expect(() => readNotices(body)).toThrow(NotAWebhook);
    expect(() => readNotices(body)).toThrow(where);
  });

  it('reads the others when one of five hundred is not understood, and says which and why', () => {
    const alerts: unknown[] = Array.from({ length: MAX_ALERTS }, (_, n) => ({ ...alert, fingerprint: `f${n}` }));
    alerts[250] = { ...alert, startsAt: 'yesterday' };
    alerts[251] = null;
    const notices = readNotices({ ...alertmanager([]), alerts });
    expect(notices.alerts).toHaveLength(MAX_ALERTS - 2);
    expect(notices.cut).toEqual([
      {
        reason: 'not-understood',
        count: 2,
        message: expect.stringContaining('`alerts.250.startsAt`') as unknown,
      },
    ]);
  });

  it('cuts labels that are too many or too long, and keeps the name of the alert', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`l${n}`, 'x'.repeat(5000)]));
    const [notice] = readNotices(withAlert({ labels: { ...many, alertname: 'APIDown' } })).alerts;
    expect(notice?.name).toBe('APIDown');
    expect(Object.keys(notice?.labels ?? {}).length).toBeGreaterThan(3);
    expect(JSON.stringify(notice?.labels).length).toBeLessThan(10_000);
    expect(notice?.labels.l0).toMatch(/^x{1024}…$/);
  });

  it('refuses or reads anything at all, and never fails otherwise', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.array(fc.jsonValue()).map((alerts) => ({ alerts }))
        ),
        (body) => {
          try {
            expect(readNotices(body).alerts.length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(NotAWebhook);
          }
        }
      )
    );
  });
});

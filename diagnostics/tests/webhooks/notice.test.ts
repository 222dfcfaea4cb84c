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
    ['too many', { alerts: Array.from({ length: MAX_ALERTS + 1 }, () => alert) }, '`alerts`'],
    ['no fingerprint', withAlert({ fingerprint: undefined }), '`alerts.0.fingerprint`'],
    ['a strange fingerprint', withAlert({ fingerprint: "'; DROP TABLE alert" }), '`alerts.0.fingerprint`'],
    ['no time', withAlert({ startsAt: 'yesterday' }), '`alerts.0.startsAt`'],
    ['a date without a time', withAlert({ startsAt: '2026-01-05' }), '`alerts.0.startsAt`'],
    ['labels that are no texts', withAlert({ labels: { alertname: 1 } }), '`alerts.0.labels.alertname`'],
    [
      'too many labels',
      withAlert({ labels: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`l${n}`, 'x'])) }),
      '`alerts.0.labels`',
    ],
    ['an unknown status', withAlert({ status: 'pending' }), '`alerts.0.status`'],
  ])('refuses %s, and says where', (_, body, where) => {
    expect(() => readNotices(body)).toThrow(NotAWebhook);
    expect(() => readNotices(body)).toThrow(where);
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

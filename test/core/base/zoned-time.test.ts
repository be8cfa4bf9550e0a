import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoIn, isTimeZone, minuteIn } from '../../../src/core/base/zoned-time.js';
import { Views } from '../../../src/http/views.js';
import { inProject } from '../../support/project.js';

/** A moment, a zone, and what its clocks show; the hour that comes twice in autumn has two names. */
const TIMES: readonly (readonly [utc: string, zone: string, shown: string])[] = [
  ['2026-07-01T12:00:00.000Z', 'UTC', '2026-07-01T12:00:00.000Z'],
  ['2026-07-01T12:00:00.000Z', 'Europe/London', '2026-07-01T13:00:00.000+01:00'],
  ['2026-12-01T12:00:00.000Z', 'Europe/London', '2026-12-01T12:00:00.000Z'],
  ['2026-03-29T00:59:59.999Z', 'Europe/Berlin', '2026-03-29T01:59:59.999+01:00'],
  ['2026-03-29T01:00:00.000Z', 'Europe/Berlin', '2026-03-29T03:00:00.000+02:00'],
  ['2026-10-25T00:30:00.000Z', 'Europe/Berlin', '2026-10-25T02:30:00.000+02:00'],
  ['2026-10-25T01:30:00.000Z', 'Europe/Berlin', '2026-10-25T02:30:00.000+01:00'],
  ['2026-01-01T00:30:00.000Z', 'America/New_York', '2025-12-31T19:30:00.000-05:00'],
  ['2026-01-01T00:00:00.000Z', 'Asia/Kathmandu', '2026-01-01T05:45:00.000+05:45'],
  ['2026-01-01T00:00:00.000Z', 'America/St_Johns', '2025-12-31T20:30:00.000-03:30'],
  ['2026-07-01T00:00:00.000Z', 'Australia/Lord_Howe', '2026-07-01T10:30:00.000+10:30'],
  ['2026-01-01T00:00:00.000Z', 'Pacific/Kiritimati', '2026-01-01T14:00:00.000+14:00'],
];

for (const [utc, zone, shown] of TIMES) {
  test(`${utc} in ${zone} is ${shown}`, () => {
    const at = Date.parse(utc);
    assert.equal(isoIn(at, zone), shown);
    assert.equal(Date.parse(isoIn(at, zone)), at, 'and is read back as the same moment');
    assert.equal(minuteIn(at, zone), `${shown.slice(0, 10)} ${shown.slice(11, 16)}${shown.slice(23)}`);
  });
}

test('a zone is known by its name alone', () => {
  for (const name of ['Europe/Berlin', 'UTC', 'America/Argentina/Ushuaia']) assert.ok(isTimeZone(name), name);
  for (const name of ['', 'Berlin', 'Europe/berlin2', 'CEST/DST', '../etc'])
    assert.ok(!isTimeZone(name), name);
});

test('the times on the pages name their zone, and the hour that comes twice is told apart', () => {
  const timesOf = (timeZone: string, language: string) => {
    const views = new Views({ folders: [inProject('templates')], mount: '/2fa', timeZone });
    return ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((utc) => {
      const status = { kind: 'active', since: Date.parse(utc), recoveryCodesLeft: 3 };
      const html = views.render('slot-settings', language, { form: 'f', csrf: '', status });
      return /(?:since (.*?)\. You|seit (.*?) aktiv)/.exec(html)?.slice(1).join('') ?? html;
    });
  };
  assert.match(
    timesOf('Europe/Berlin', 'en').join('|'),
    /^Oct 25, 2026, 2:30\sAM GMT\+2\|Oct 25, 2026, 2:30\sAM GMT\+1$/,
  );
  assert.match(timesOf('Europe/Berlin', 'de').join('|'), /MESZ.*\|.*MEZ/);
  assert.match(timesOf('UTC', 'en')[0] ?? '', /UTC$/);
});

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { databaseAddress, mysqlAddress } from '../../src/connections/database-address.js';
import { placeText } from '../../src/connections/place.js';
import { redisAddress } from '../../src/connections/redis-address.js';
import { problemWith } from '../../src/connections/wrong-address.js';
import { newAuthority } from '../support/authority.js';
import { tempFolder } from '../support/temp-folder.js';

const { ca, client } = newAuthority();
const folder = tempFolder();
const notPem = join(folder, 'not.pem');
writeFileSync(notPem, 'no certificate');
const lost = join(folder, 'lost.pem');
rmSync(lost, { force: true });

const network = (host: string, port: number) => ({ kind: 'network', host, port, tls: undefined });
const socket = (path: string) => ({ kind: 'socket', path });

describe('the address of a database', () => {
  const u = { user: 'u', password: 'p', database: 'd' };
  const cases: readonly [text: string, expected: object][] = [
    [
      'sqlite:/var/lib/panel-2fa/a b?c#d.sqlite',
      { kind: 'sqlite', path: '/var/lib/panel-2fa/a b?c#d.sqlite' },
    ],
    ['sqlite::memory:', { kind: 'sqlite', path: ':memory:' }],
    ['mysql://u:p@db/d', { kind: 'mysql', place: network('db', 3306), ...u }],
    [
      'mariadb://u:p@db_1.example.com:3307/d',
      { kind: 'mysql', place: network('db_1.example.com', 3307), ...u },
    ],
    ['mysql://u:p@[::1]:3306/d', { kind: 'mysql', place: network('::1', 3306), ...u }],
    ['mysql://u:p@[2001:db8::1]/d', { kind: 'mysql', place: network('2001:db8::1', 3306), ...u }],
    ['mysql://u:p@192.0.2.1:1/d', { kind: 'mysql', place: network('192.0.2.1', 1), ...u }],
    ['mysql://u:@db/d', { kind: 'mysql', place: network('db', 3306), ...u, password: '' }],
    ['mysql://u@db/d', { kind: 'mysql', place: network('db', 3306), ...u, password: undefined }],
    ['mysql://u:p:q@db/d', { kind: 'mysql', place: network('db', 3306), ...u, password: 'p:q' }],
    [
      'mysql://%25u:%C3%BC%40%2F%3F%23%25@db/%2Fd',
      { kind: 'mysql', place: network('db', 3306), user: '%u', password: 'ü@/?#%', database: '/d' },
    ],
    [
      'mysql://ü:ß@db/d',
      { kind: 'mysql', place: network('db', 3306), user: 'ü', password: 'ß', database: 'd' },
    ],
    ['mysql://u:p@/d?socket=/run/my%20sql.sock', { kind: 'mysql', place: socket('/run/my sql.sock'), ...u }],
    ['mysql://u:p@localhost/d?socket=/run/m.sock', { kind: 'mysql', place: socket('/run/m.sock'), ...u }],
    ['postgres://u:p@db/d', { kind: 'postgres', place: network('db', 5432), ...u }],
    ['postgresql://u:p@[::1]/d', { kind: 'postgres', place: network('::1', 5432), ...u }],
    [
      'postgres://u:p@/d?socket=/run/postgresql',
      { kind: 'postgres', place: socket('/run/postgresql'), ...u },
    ],
  ];
  for (const [text, expected] of cases) {
    test(text, () => assert.deepEqual(databaseAddress(text), expected));
  }

  for (const [query, name] of [
    ['tls=on', 'db'],
    [`ca=${ca}`, 'db'],
    ['servername=other', 'other'],
    [`tls=on&ca=${ca}&cert=${client.cert}&key=${client.key}&servername=192.0.2.1`, '192.0.2.1'],
  ]) {
    test(`asks for TLS by ${query?.replaceAll(folder, '')}`, () => {
      const { place } = mysqlAddress(`mysql://u:p@db/d?${query}`);
      assert.equal(place.kind === 'network' && place.tls?.servername, name);
    });
  }
});

describe('the address of Redis', () => {
  const nobody = { user: undefined, password: undefined, number: 0 };
  const cases: readonly [text: string, expected: object][] = [
    ['redis://r', { place: network('r', 6379), ...nobody }],
    ['redis://r/', { place: network('r', 6379), ...nobody }],
    ['redis://[::1]:6380/3', { place: network('::1', 6380), ...nobody, number: 3 }],
    ['redis://r?db=3', { place: network('r', 6379), ...nobody, number: 3 }],
    ['redis://:p%25@r', { place: network('r', 6379), ...nobody, password: 'p%' }],
    ['redis://u:p@r/15', { place: network('r', 6379), user: 'u', password: 'p', number: 15 }],
    ['redis:///run/r.sock', { place: socket('/run/r.sock'), ...nobody }],
    ['redis://:p@/run/r.sock?db=2', { place: socket('/run/r.sock'), ...nobody, password: 'p', number: 2 }],
    ['redis://localhost', { place: network('localhost', 6379), ...nobody }],
  ];
  for (const [text, expected] of cases) test(text, () => assert.deepEqual(redisAddress(text), expected));
});

describe('what an address would have to leave out or guess is refused, and no secret is told', () => {
  const database: readonly [text: string, problem: RegExp][] = [
    ['', /must be sqlite:/],
    ['sqlite:', /must be sqlite:/],
    ['/var/lib/a.sqlite', /must be sqlite:/],
    ['mssql://u:s3cret@h/d', /must be sqlite:/],
    ['MYSQL://u:s3cret@h/d', /must be sqlite:/],
    ['mysql:u:s3cret@h/d', /must be sqlite:/],
    ['mysql://u:s3cret%@h/d', /percent sign.*%25/],
    ['mysql://u:s3cret%zz@h/d', /percent sign/],
    ['mysql://u:s3cret%E4@h/d', /percent sign/],
    ['mysql://u:s3/cret@h/d', /must be like mysql:.*as %25, %40/],
    ['mysql://u:3/s3cret@h/d', /must be like mysql/],
    ['mysql://u:3?s3cret@h/d', /must be like mysql/],
    ['mysql://u:3?ssl=s3cret@h/d', /must be like mysql/],
    ['mysql://u:s3#cret@h/d', /must be like mysql/],
    ['mysql://u:s3 cret@h/d', /blank as %20/],
    ['mysql://u:s3\tcret@h/d', /blank as %20/],
    ['mysql://u:s3cret@h/d ', /blank as %20/],
    ['mysql://u:s3\u200bcret@h/d', /control characters/],
    ['mysql://u:s3cret@::1/d', /no valid host|brackets/],
    ['mysql://u:s3cret@2001:db8::1/d', /brackets/],
    ['mysql://u:s3cret@[::1/d', /no valid host/],
    ['mysql://u:s3cret@[h]/d', /no valid host/],
    ['mysql://u:s3cret@h:/d', /no valid host/],
    ['mysql://u:s3cret@h:x/d', /no valid host/],
    ['mysql://u:s3cret@h:0/d', /between 1 and 65535/],
    ['mysql://u:s3cret@h:65536/d', /between 1 and 65535/],
    ['mysql://u:s3cret@:3306/d', /no valid host/],
    ['mysql://u:s3cret@h1,h2/d', /no valid host/],
    ['mysql://u:s3cret@192.0.2.300/d', /no valid host/],
    ['mysql://u:s3cret@%2Frun%2Fm.sock/d', /no valid host/],
    ['mysql://u:s3cret@/d', /has no host/],
    ['mysql://h/d', /no user name/],
    ['mysql://:s3cret@h/d', /no user name/],
    ['mysql://u:s3cret@h', /no name of one database/],
    ['mysql://u:s3cret@h/', /no name of one database/],
    ['mysql://u:s3cret@h/d/e', /no name of one database/],
    ['mysql://u:s3cret@h/d?ssl=true', /the option "ssl", which is not known; known are tls, ca/],
    ['mysql://u:s3cret@h/d?ssl={"rejectUnauthorized":true}', /the option "ssl", which is not known/],
    ['mysql://u:s3cret@h/d?socketPath=/run/m.sock', /the option "socketPath", which is not known/],
    ['postgres://u:s3cret@h/d?sslmode=require', /the option "sslmode", which is not known/],
    ['postgres://u:s3cret@h/d?host=/run/postgresql', /the option "host", which is not known/],
    ['mysql://u:s3cret@h/d?constructor=1', /the option "constructor", which is not known/],
    ['mysql://u:s3cret@h/d?CA=/x', /the option "CA", which is not known/],
    ['mysql://u:s3cret@h/d?tls', /without a value/],
    ['mysql://u:s3cret@h/d?tls=', /without a value/],
    ['mysql://u:s3cret@h/d?tls=on&tls=on', /twice/],
    ['mysql://u:s3cret@h/d?tls=on&', /an option, which is not known/],
    ['mysql://u:s3cret@h/d?tls=off', /can only be "on"/],
    ['mysql://u:s3cret@h/d?tls=%', /percent sign/],
    ['mysql://u:s3cret@h/d?ca=ca.pem', /"ca", which is no absolute path/],
    [`mysql://u:s3cret@h/d?ca=${lost}`, /"ca".*lost\.pem cannot be read: ENOENT/],
    [`mysql://u:s3cret@h/d?ca=${folder}`, /"ca".*is not a regular file/],
    [`mysql://u:s3cret@h/d?ca=${notPem}`, /"ca".*not\.pem is no certificate/],
    [`mysql://u:s3cret@h/d?cert=${client.cert}`, /only one of cert and key/],
    [`mysql://u:s3cret@h/d?key=${client.key}`, /only one of cert and key/],
    [`mysql://u:s3cret@h/d?cert=${client.cert}&key=${notPem}`, /a key, .*not\.pem, that does not belong/],
    [`mysql://u:s3cret@h/d?cert=${ca}&key=${client.key}`, /does not belong to the certificate/],
    ['mysql://u:s3cret@h/d?socket=/run/m.sock', /a host and a socket/],
    ['mysql://u:s3cret@localhost:3306/d?socket=/run/m.sock', /a host and a socket/],
    ['mysql://u:s3cret@/d?socket=m.sock', /socket that is no absolute path/],
    ['mysql://u:s3cret@/d?socket=/run/m.sock&tls=on', /"tls", which a unix socket does not need/],
    [`postgres://u:s3cret@/d?socket=/run&ca=${ca}`, /"ca", which a unix socket does not need/],
  ];
  const redis: readonly [text: string, problem: RegExp][] = [
    ['', /must be like redis:/],
    ['localhost:6379', /must be like redis:/],
    ['unix:///run/r.sock', /must be like redis:/],
    ['redis://', /neither a host nor/],
    ['redis:///', /neither a host nor/],
    ['redis:///2', /neither a host nor/],
    ['redis://s3cret@h', /user name without a password/],
    ['redis://:s3cret%@h', /percent sign/],
    ['redis://:s3cret@h/-1', /no number/],
    ['redis://:s3cret@h/1.5', /no number/],
    ['redis://:s3cret@h/x', /no number/],
    ['redis://:s3cret@h/0/1', /no number/],
    ['redis://:s3cret@h?db=x', /no number/],
    ['redis://:s3cret@h/1?db=1', /names its database twice/],
    ['redis:///run/r.sock?db=x', /no number/],
    ['redis://:s3cret@h?family=6', /the option "family", which is not known; known are db, ca/],
    ['redis://:s3cret@h?tls=on', /the option "tls", which is not known/],
    [`redis://:s3cret@h?ca=${ca}`, /"ca", which is for TLS: write rediss/],
    ['rediss:///run/r.sock', /TLS over a unix socket/],
    ['redis:///run/r.sock?servername=h', /"servername", which a unix socket/],
    ['redis://:s3cret@h1:1,h2:2', /no valid host/],
  ];
  for (const [read, cases] of [
    [databaseAddress, database],
    [redisAddress, redis],
  ] as const) {
    for (const [text, problem] of cases) {
      test(`${read.name}: ${JSON.stringify(text)}`, () => {
        const told = problemWith(read, text) ?? 'nothing';
        assert.match(told, problem);
        assert.doesNotMatch(told, /s3|cret/);
      });
    }
  }

  test("the panel's database is none of ours", () => {
    for (const text of ['sqlite:/a', 'postgres://u:s3cret@h/d', '', 'mysql://u:s3cret@h/d?ssl=1']) {
      assert.doesNotMatch(problemWith(mysqlAddress, text) ?? '', /^$|s3cret/, text);
    }
  });
});

test('a place is told without a secret', () => {
  assert.equal(placeText(redisAddress('redis://:s3cret@[::1]:1').place), '[::1]:1');
  assert.equal(placeText(redisAddress('redis://:s3cret@h').place), 'h:6379');
  assert.equal(placeText(redisAddress('redis://:s3cret@/run/r.sock').place), '/run/r.sock');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadCall } from '../../../../src/hosts/ispconfig/remote/bad-call.js';
import { JsonNames } from '../../../../src/hosts/ispconfig/remote/json-names.js';

/** Reads a text in pieces of one length: the session id, and what would go out before it is complete. */
function read(text: string, size: number) {
  const names = new JsonNames(['session_id']);
  const bytes = Buffer.from(text);
  let before = 0;
  for (let at = 0; at < bytes.length; at += size) before += names.write(bytes.subarray(at, at + size));
  return { session: names.textOf('session_id'), before, isOver: names.isOver };
}

const objects: readonly string[] = [
  '{"session_id":"abc"}',
  ' { "params" : {"session_id":"no","list":[{"session_id":"no"}]} , "session_id" : "abc" } \n',
  '{"session\\u005fid":"a\\u0062c","client_id":1}',
  '{"a":"\\"session_id\\":\\"no\\"","session_id":"abc","b":[1,-2.5e3,true,null,"}"]}',
  `{"params":{"text":"${'x\\\\'.repeat(900)}","ü":"ü{}"},"session_id":"abc"}`,
  '{"session_id":7}',
  '{"session_id":{"a":"b"}}',
  '{"other":"session_id","value":"abc"}',
  '{}',
  '["session_id","abc"]',
];

test('A54 the session of a call is found as JSON.parse finds it, in pieces of any length', () => {
  for (const text of objects) {
    const { session_id: meant } = JSON.parse(text) as { session_id?: unknown };
    for (const size of [1, 2, 3, 7, text.length + 9]) {
      const expected = {
        session: typeof meant === 'string' ? meant : undefined,
        before: Buffer.byteLength(text.trimEnd()) - 1,
        isOver: true,
      };
      assert.deepEqual(read(text, size), expected, `${size}: ${text.slice(0, 60)}`);
    }
  }
});

test('A54 what has two meanings, no names or no end in sight is refused, in pieces of any length', () => {
  for (const text of [
    '{"session_id":"a","session_id":"b"}',
    '{"session_id":1,"x":0,"session\\u005fid":"b"}',
    `{"session_id":"a${' '.repeat(3_000)}"}`,
    '{"session_id":"\\x"}',
    '{}{}',
    '"session_id"',
    'session_id=a',
    '\ufeff{"session_id":"a"}',
    `${'['.repeat(600)}`,
    `{"a":${'{"a":'.repeat(600)}`,
  ])
    for (const size of [1, 5, 10_000]) assert.throws(() => read(text, size), BadCall, text.slice(0, 40));
});

test('A54 the cost grows with the length alone', () => {
  const time = (text: string) => {
    const begin = process.cpuUsage();
    read(text, 65_536);
    return process.cpuUsage(begin).user / 1_000;
  };
  const bodies = (length: number) => [
    `{"a":[${'[],'.repeat(length / 3)}[]]}`,
    `{"a":"${'\\u0061'.repeat(length / 6)}"}`,
    `{${'"session_i":1,'.repeat(length / 14)}"a":1}`,
  ];
  for (const body of bodies(1_000)) time(body);
  for (const body of bodies(1_000_000)) assert.ok(time(body) < 400, body.slice(0, 20));
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileError, readJsonFile } from '../../src/input/json-file.js';
import { tempFolder } from '../support/temp-folder.js';

const file = join(tempFolder(), 'file.json');
const read = (text: string | Buffer) => {
  writeFileSync(file, text);
  return readJsonFile(file);
};

const right: readonly (readonly [text: string, value: unknown])[] = [
  ['{"a":1}', { a: 1 }],
  ['\ufeff{"a":1}', { a: 1 }],
  ['{"a":1,}', { a: 1 }],
  ['{"a":[1,2,],}', { a: [1, 2] }],
  ['// one\n{"a":1 /* two */}\n// three', { a: 1 }],
  ['{"a":{"x":1},"b":{"x":2}}', { a: { x: 1 }, b: { x: 2 } }],
  ['{"a":"// no comment"}', { a: '// no comment' }],
  [' \r\n[]\r\n', []],
];
for (const [text, value] of right) {
  test(`JSON: ${JSON.stringify(text)}`, () => assert.deepEqual(read(text), value));
}

const wrong: readonly (readonly [text: string, place: string, reason: RegExp])[] = [
  ['', '1:1', /value is missing/],
  ['// only a comment', '1:18', /value is missing/],
  ['{"a":1 "b":2}', '1:8', /comma is missing before/],
  ['{\n  "a": 1\n  "b": 2\n}', '3:3', /comma is missing before/],
  ['{\r\n"a": 1\r\n"b": 2}', '3:1', /comma is missing before/],
  ['{"a":1', '1:7', /closing } is missing/],
  ['[1', '1:3', /closing ] is missing/],
  ['{"a":1}}', '1:8', /ends before/],
  ['{"a":1} {"b":2}', '1:9', /ends before/],
  ["{'a':1}", '1:2', /quotation marks/],
  ['{a:1}', '1:2', /quotation marks/],
  ['{"a":yes}', '1:6', /double quotation marks/],
  ['{"a":"x}', '1:6', /does not end/],
  ['{"a":"C:\\path"}', '1:6', /backslash/],
  ['{"a":"x\ny"}', '1:6', /does not end|line break/],
  ['{"a" 1}', '1:6', /colon is missing/],
  ['{"a":}', '1:6', /value is missing/],
  ['{"a":1} /* x', '1:9', /comment does not end/],
  ['{"a":1,"a":2}', '1:8', /key "a" stands twice/],
  ['{"p":{"a":1,\n"a":2}}', '2:1', /key "a" stands twice/],
  ['<html>', '1:1', /no JSON value/],
];
for (const [text, place, reason] of wrong) {
  test(`no JSON: ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => read(text),
      (error: Error) => {
        assert.ok(error instanceof FileError);
        assert.ok(error.message.startsWith(`${file}:${place}: `), error.message);
        assert.match(error.message, reason);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}

test('a file that is not there, a folder, and another encoding are told', () => {
  assert.throws(() => readJsonFile(`${file}.gone`), /file\.json\.gone cannot be read: ENOENT$/);
  assert.throws(() => readJsonFile(tempFolder()), /is not a regular file$/);
  assert.throws(() => read(Buffer.from('\ufeff{}', 'utf16le')), /is not UTF-8/);
  assert.throws(() => read(Buffer.from('{"a":"Müller"}', 'latin1')), /is not UTF-8/);
});

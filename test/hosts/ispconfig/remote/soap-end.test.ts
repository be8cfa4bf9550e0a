import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilEnvelopeEnds } from '../../../../src/hosts/ispconfig/remote/soap-end.js';

/** What went on before it was asked, and after. */
async function streamed(text: string, size: number): Promise<{ before: string; after: string }> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const parts = { before: [] as Buffer[], after: [] as Buffer[] };
  let asked = false;
  const mayGoOn = async () => {
    asked = true;
  };
  for await (const chunk of untilEnvelopeEnds(chunks(), mayGoOn))
    parts[asked ? 'after' : 'before'].push(chunk);
  assert.ok(asked);
  return { before: Buffer.concat(parts.before).toString(), after: Buffer.concat(parts.after).toString() };
}

for (const [what, before, after] of [
  ['a prefix', '<s:Envelope><s:Body>ü</s:Body>', '</s:Envelope>'],
  ['no prefix', '<Envelope><Body/>', '</Envelope>'],
  ['a prefix beyond ASCII', '<à:Envelope>', '</à:Envelope>'],
  ['blanks in the tag', '<s:Envelope>', '</s:Envelope \r\n\t>'],
  ['padding behind it', '<s:Envelope>', `</s:Envelope>${' '.repeat(5_000)}<!-- </s:Envelope> -->`],
  ['other tags that begin like it', '<s:Envelope></s:Env></s:E><a></a><', '</s:Envelope>'],
  ['a long prefix', '<s:Envelope>', `</${'p'.repeat(20_000)}:Envelope>`],
  ['no end', '<s:Envelope><a>', ''],
] as const) {
  test(`A69 the end of a SOAP call waits, in pieces of any size: ${what}`, async () => {
    for (const size of [1, 2, 3, 7, 64, 100_000]) {
      assert.deepEqual(await streamed(before + after, size), { before, after }, `pieces of ${size}`);
    }
  });
}

test('A69 what may not go on keeps its end, and too much behind it is refused', async () => {
  async function* chunks() {
    yield Buffer.from('<s:Envelope></s:Envelope>');
  }
  const got: Buffer[] = [];
  const refusing = async () => {
    for await (const chunk of untilEnvelopeEnds(chunks(), () => Promise.reject(new Error('no'))))
      got.push(chunk);
  };
  await assert.rejects(refusing, /^Error: no$/);
  assert.equal(Buffer.concat(got).toString(), '<s:Envelope>');
  await assert.rejects(
    streamed(`<s:Envelope></s:Envelope>${' '.repeat(70_000)}`, 1_000),
    /something behind the call/,
  );
});

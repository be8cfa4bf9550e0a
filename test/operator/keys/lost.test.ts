import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newKeyRingText } from '../../../src/storage/key-file-format.js';
import { Member, seenIn } from '../../support/client-journey.js';
import { Demo } from '../../support/demo.js';
import { client1, client2, reseller1, second } from '../../support/demo-people.js';
import { freePort } from '../../support/free-port.js';
import { runProcess } from '../../support/process.js';
import { inProject } from '../../support/project.js';

async function enrolled(demo: Demo, person: typeof client1) {
  const member = new Member(demo.url, person);
  await member.logIn();
  return { member, ...(await member.enrol()) };
}

/** Two accounts with a factor, and the demo stopped. */
async function stopped() {
  const demo = await Demo.start();
  const one = await enrolled(demo, client1);
  const two = await enrolled(demo, second);
  await demo.stop();
  return { demo, one, two, keyFile: join(demo.data, 'key') };
}

/** A start that is to be refused with one line. */
async function refusal(data: string): Promise<string> {
  const args = [inProject('dist/cli.js'), 'demo', '--data', data, '--port', String(await freePort())];
  const { code, output } = await runProcess(process.execPath, args, { env: { REDIS_URL: undefined } });
  assert.equal(code, 1, output);
  assert.equal(output.trimEnd().split('\n').length, 1, output);
  return output;
}

test('A37 with a lost key the panel starts, says so, closes those accounts and no others, and opens them again with the key', async (t) => {
  const { demo, one, two, keyFile } = await stopped();
  const [, lost] = /"active": "(\w+)"/.exec(readFileSync(keyFile, 'utf8')) ?? [];
  renameSync(keyFile, `${keyFile}.away`);
  writeFileSync(keyFile, newKeyRingText(), { mode: 0o400 });
  await demo.restart();
  t.after(() => demo.stop());
  const [line] = await demo.said(/.*closed.*/);
  assert.match(
    line,
    new RegExp(`2 accounts are closed: the key file does not have .*: ${lost} \\(2\\)\\. Restore`),
  );

  for (const { member, phone, recoveryCodes } of [one, two]) {
    const again = member.again();
    await again.logIn();
    assert.equal((await again.get('/')).location, '/2fa/login');
    for (const code of [await phone.next(), recoveryCodes[0] ?? '', phone.wrong()]) {
      const answer = await again.enterCode(code);
      assert.equal(answer.status, 503);
      assert.match(seenIn(answer), /key of this account's secret is missing or wrong/);
    }
    assert.equal((await again.get('/')).location, '/2fa/login', 'closed');
  }
  const other = new Member(demo.url, reseller1);
  assert.equal((await other.logIn()).status, 200);
  const { phone, member } = await enrolled(demo, client2);
  const again = member.again();
  await again.logIn();
  assert.equal((await again.enterCode(await phone.next())).status, 303);

  const list = await runProcess(process.execPath, [
    inProject('dist/cli.js'),
    ...['keys', 'list', '--data', demo.data],
  ]);
  assert.match(list.output, new RegExp(`${lost} +2 +missing: these accounts are closed`));

  rmSync(keyFile);
  renameSync(`${keyFile}.away`, keyFile);
  await demo.restart();
  await demo.said(/1 account is closed/);
  const back = one.member.again();
  await back.logIn();
  assert.equal((await back.enterCode(one.recoveryCodes[0] ?? '')).status, 303, 'nothing was used up');
});

test('a key file that is missing while factors exist is never made anew', async () => {
  const { demo, keyFile } = await stopped();
  rmSync(keyFile);
  assert.match(
    await refusal(demo.data),
    /^The key file \S+ is missing but the database holds factors: restore it/,
  );
  assert.equal(existsSync(keyFile), false);
});

test('a key file with a flipped bit, or open to others, is refused in one line', async () => {
  const { demo, keyFile } = await stopped();
  const bytes = readFileSync(keyFile);
  const at = bytes.indexOf('"key": "') + 12;
  chmodSync(keyFile, 0o600);
  const flipped = Buffer.from(bytes);
  // Another letter of base64, so that only the check tells.
  flipped[at] = bytes[at] === 65 ? 66 : 65;
  writeFileSync(keyFile, flipped);
  assert.match(await refusal(demo.data), /is damaged: key \w{8} is not the one that was written; restore/);
  writeFileSync(keyFile, bytes);
  chmodSync(keyFile, 0o440);
  assert.match(await refusal(demo.data), /is open to others \(mode 0440\): set it to 0400/);
});

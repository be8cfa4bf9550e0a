import assert from 'node:assert/strict';
import type { Journey } from '../support/browser-journey.js';
import { client1 } from '../support/demo-people.js';
import { journeyTest } from '../support/journey-test.js';

/** Both at the code page, with the same thing typed, press the button at the same moment: who is in, who is told what. */
async function together(journeys: readonly Journey[], code: string) {
  for (const journey of journeys) {
    await journey.logIn();
    assert.equal(journey.path, '/2fa/login');
    await journey.page.getByLabel('Code').fill(code);
  }
  await Promise.all(journeys.map((journey) => journey.press('Log in')));
  const inside = journeys.filter(({ path }) => path === '/');
  const outside = journeys.filter(({ path }) => path === '/2fa/login');
  for (const journey of inside) assert.match(await journey.text(), /Welcome client1/);
  return { inside, outside };
}

journeyTest('two browsers with one code at the same moment: one gets in', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { phone } = await user.enrol();
  const both = [await sitDown(client1), await sitDown(client1)];
  const code = await phone.next();
  const { inside, outside } = await together(both, code);
  assert.equal(inside.length, 1);
  assert.match((await outside[0]?.alert()) ?? '', /code has already been used/i);
  await outside[0]?.enterCode(code);
  assert.match((await outside[0]?.alert()) ?? '', /code has already been used/i, 'a moment later as well');
  await outside[0]?.enterCode(await phone.next());
  assert.equal(outside[0]?.path, '/');
});

journeyTest('two browsers with one recovery code at the same moment: one gets in', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { recoveryCodes } = await user.enrol();
  const both = [await sitDown(client1), await sitDown(client1)];
  const { inside, outside } = await together(both, recoveryCodes[3] ?? '');
  assert.equal(inside.length, 1);
  assert.match((await outside[0]?.alert()) ?? '', /recovery code has already been used/i);
  await user.openSettings();
  assert.match(await user.text(), /9 recovery codes left/);
});

journeyTest('two browsers with two recovery codes at the same moment: both get in', async ({ sitDown }) => {
  const user = await sitDown(client1);
  await user.logIn();
  const { recoveryCodes } = await user.enrol();
  const both = [await sitDown(client1), await sitDown(client1)];
  for (const [index, journey] of both.entries()) {
    await journey.logIn();
    await journey.page.getByLabel('Code').fill(recoveryCodes[index] ?? '');
  }
  await Promise.all(both.map((journey) => journey.press('Log in')));
  assert.deepEqual(
    both.map(({ path }) => path),
    ['/', '/'],
  );
  await user.openSettings();
  assert.match(await user.text(), /8 recovery codes left/);
});

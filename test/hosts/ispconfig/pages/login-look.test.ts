import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginLooks } from '../../../../src/hosts/ispconfig/pages/login-look.js';

test("a panel that does not answer is asked once, given up soon, and the code page's looks do not wait for it again", async () => {
  const looks = new LoginLooks();
  let asked = 0;
  const hanging = () => {
    asked += 1;
    return new Promise<string>(() => undefined);
  };
  const begin = Date.now();
  await Promise.all([assert.rejects(looks.of(hanging), /takes long/), assert.rejects(looks.of(hanging))]);
  await assert.rejects(looks.of(hanging));
  assert.ok(Date.now() - begin < 4_000);
  assert.equal(asked, 1);
});

test('a page without a logo has none', async () => {
  const html = '<div class="panel-heading"><img src="https://other.test/logo.png"></div>';
  assert.deepEqual(await new LoginLooks().of(async () => html), { styleSheets: [] });
});

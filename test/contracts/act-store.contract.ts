import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ActStore } from '../../src/core/acts/act-store.js';
import { parallel } from './parallel.js';
import { freshId, type Open } from './short-lived.js';

/** What every `ActStore` must do. */
export function actStoreContract(name: string, open: Open<ActStore>): void {
  describe(`ActStore contract: ${name}`, () => {
    it('gives an act to one of many at once; the others are told that somebody is at it', async () => {
      const { store, now } = open();
      const id = freshId();
      const answers = await parallel(20, () => store.claim(id, now() + 60_000));
      assert.equal(answers.filter((answer) => answer === undefined).length, 1);
      assert.equal(answers.filter((answer) => answer?.kind === 'running').length, 19);
      assert.equal(await store.claim(freshId(), now() + 60_000), undefined, 'another act');
    });

    it('tells what came of it until its time is over', async () => {
      const { store, now, pass } = open();
      const id = freshId();
      await store.claim(id, now() + 60_000);
      await store.finish(id, 'sealed – ok', now() + 150);
      const done = { kind: 'done', outcome: 'sealed – ok' };
      assert.deepEqual(await store.claim(id, now() + 60_000), done);
      assert.deepEqual(await store.find(id), done);
      await pass(200);
      assert.equal(await store.find(id), undefined);
      assert.equal(await store.claim(id, now() + 60_000), undefined);
    });

    it('can be taken again when nothing came of it: dropped, or its time over', async () => {
      const { store, now, pass } = open();
      const [dropped, slow] = [freshId(), freshId()];
      await store.claim(dropped, now() + 60_000);
      await store.claim(slow, now() + 150);
      await store.drop(dropped);
      await store.drop(freshId());
      assert.equal(await store.claim(dropped, now() + 60_000), undefined);
      assert.deepEqual(await store.claim(slow, now() + 60_000), { kind: 'running' });
      await pass(200);
      assert.equal(await store.claim(slow, now() + 60_000), undefined);
    });

    it('asking takes nothing', async () => {
      const { store, now } = open();
      const id = freshId();
      assert.equal(await store.find(id), undefined);
      assert.equal(await store.claim(id, now() + 60_000), undefined);
      assert.deepEqual(await store.find(id), { kind: 'running' });
    });
  });
}

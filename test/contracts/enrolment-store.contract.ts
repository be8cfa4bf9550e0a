import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnrolmentDraft, EnrolmentStore, Registration } from '../../src/core/own/enrolment-store.js';
import { parallel, winners } from './parallel.js';
import { freshId, type Open } from './short-lived.js';

/** What every `EnrolmentStore` must do. */
export function enrolmentStoreContract(name: string, open: Open<EnrolmentStore>): void {
  describe(`EnrolmentStore contract: ${name}`, () => {
    it('begins an enrolment and finds it, with and without something to replace', async () => {
      const { store, now } = open();
      for (const replaces of [undefined, 'generation']) {
        const id = freshId();
        const draft = { ...draftUntil(now() + 60_000), replaces, swap: replaces !== undefined };
        const begun = await store.begin(id, draft);
        assert.deepEqual(begun, { ...draft, registration: undefined });
        assert.deepEqual(await store.find(id), begun);
      }
      assert.equal(await store.find(freshId()), undefined);
    });

    it('two tabs share one key, and the second does not prolong the first', async () => {
      const { store, now, pass } = open();
      const id = freshId();
      const first = draftUntil(now() + 150);
      await store.begin(id, first);
      const second = await store.begin(id, { ...draftUntil(now() + 60_000), sealedSecret: 'another' });
      assert.deepEqual(second, { ...first, registration: undefined });
      await pass(200);
      assert.equal(await store.find(id), undefined);
    });

    it('fifty tabs at once share one key', async () => {
      const { store, now } = open();
      const id = freshId();
      const expiresAt = now() + 60_000;
      const begun = await parallel(50, (index) => {
        return store.begin(id, { ...draftUntil(expiresAt), sealedSecret: `secret ${index}` });
      });
      assert.equal(new Set(begun.map((enrolment) => enrolment.sealedSecret)).size, 1);
    });

    it('gives a registration back, to a second begin as well', async () => {
      const { store, now } = open();
      const id = freshId();
      const draft = draftUntil(now() + 60_000);
      await store.begin(id, draft);
      assert.equal(await store.register(id, registration(7)), true);
      const expected = { ...draft, registration: registration(7) };
      assert.deepEqual(await store.find(id), expected);
      assert.deepEqual(await store.begin(id, draft), expected);
    });

    it('attack: one code registers once, however many ask at the same time', async () => {
      const { store, now } = open();
      const id = freshId();
      await store.begin(id, draftUntil(now() + 60_000));
      const won = await winners(50, (index) => {
        return store.register(id, { ...registration(58_800_000), generation: `g${index}` });
      });
      assert.equal(won, 1);
    });

    it('takes a later step in place of an earlier one, never the same or an earlier one', async () => {
      const { store, now } = open();
      const id = freshId();
      await store.begin(id, draftUntil(now() + 60_000));
      assert.equal(await store.register(id, registration(9)), true);
      assert.equal(await store.register(id, registration(9)), false);
      assert.equal(await store.register(id, registration(8)), false);
      // As text, "10" would be smaller than "9".
      assert.equal(await store.register(id, registration(10)), true);
      assert.deepEqual((await store.find(id))?.registration, registration(10));
    });

    it('registers nothing that is unknown, over or closed', async () => {
      const { store, now, pass } = open();
      assert.equal(await store.register(freshId(), registration(1)), false);
      const [over, closed] = [freshId(), freshId()];
      await store.begin(over, draftUntil(now() + 150));
      await store.begin(closed, draftUntil(now() + 60_000));
      await store.register(closed, registration(1));
      await store.close(closed);
      await pass(200);
      for (const id of [over, closed]) {
        assert.equal(await store.register(id, registration(2)), false);
        assert.equal(await store.find(id), undefined);
      }
    });

    it('a registration does not prolong the enrolment', async () => {
      const { store, now, pass } = open();
      const id = freshId();
      await store.begin(id, draftUntil(now() + 150));
      await store.register(id, registration(1));
      await pass(200);
      assert.equal(await store.find(id), undefined);
    });

    it('begins anew after a close, without the old registration', async () => {
      const { store, now } = open();
      const id = freshId();
      await store.begin(id, draftUntil(now() + 60_000));
      await store.register(id, registration(5));
      await store.close(id);
      const draft = { ...draftUntil(now() + 60_000), sealedSecret: 'new' };
      assert.deepEqual(await store.begin(id, draft), { ...draft, registration: undefined });
      assert.equal(await store.register(id, registration(5)), true);
    });
  });
}

function draftUntil(expiresAt: number): EnrolmentDraft {
  return { sealedSecret: 'sealed', period: 30, replaces: undefined, swap: false, expiresAt };
}

function registration(step: number): Registration {
  return { step, generation: 'next', recovery: { salt: '00ff', digests: ['aa', 'bb'] } };
}

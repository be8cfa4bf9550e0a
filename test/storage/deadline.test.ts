import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoreUnavailable } from '../../src/core/base/store-unavailable.js';
import { guarded } from '../../src/storage/deadline.js';
import { TypeOrmFactorStore } from '../../src/storage/factor-store.typeorm.js';
import { MemoryPendingStore } from '../../src/storage/memory/pending-store.memory.js';
import { freshKey, RULE } from '../contracts/factors.js';
import { openTestDatabase } from './sqlite.js';

class Port {
  readonly #answer = 'answer';
  answers = async (text: string) => `${text} ${this.#answer}`;
  async rejects(): Promise<void> {
    throw new Error('broken');
  }
  throws(): Promise<void> {
    throw new Error('broken at once');
  }
  hangs(): Promise<void> {
    return new Promise(() => undefined);
  }
  async rejectsLate(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 40));
    throw new Error('too late');
  }
}

describe('a guarded port', () => {
  it('answers as the port does, private fields included', async () => {
    assert.equal(await guarded(new Port()).answers('an'), 'an answer');
    const store = guarded(new MemoryPendingStore(() => 0));
    await store.open('id', { triesLeft: 2, expiresAt: 1, returnTo: '/' });
    assert.equal(await store.spend('id'), 1);
  });

  it('makes one error of a rejection and of an exception', async () => {
    const port = guarded(new Port());
    for (const [call, message] of [
      [() => port.rejects(), 'broken'],
      [() => port.throws(), 'broken at once'],
    ] as const) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof StoreUnavailable);
        assert.equal(error.store, 'Port');
        assert.equal(error.message, 'Port is unavailable');
        assert.equal((error.cause as Error).message, message);
        return true;
      });
    }
  });

  it('does not wait longer than the deadline, and survives what comes later', async () => {
    const port = guarded(new Port(), 20);
    const started = Date.now();
    await assert.rejects(port.hangs(), StoreUnavailable);
    assert.ok(Date.now() - started < 500);
    await assert.rejects(port.rejectsLate(), StoreUnavailable);
    await new Promise((resolve) => setTimeout(resolve, 60));
  });

  it('waits two seconds unless told otherwise', async () => {
    const started = Date.now();
    await assert.rejects(guarded(new Port()).hangs(), StoreUnavailable);
    const waited = Date.now() - started;
    assert.ok(waited >= 1_990 && waited < 2_500, `${waited} ms`);
  });

  it('is unavailable within two seconds when another process holds the database', async () => {
    const { dataSources, close } = await openTestDatabase(2);
    const [holder, writer] = dataSources;
    assert.ok(holder && writer);
    await holder.query('BEGIN IMMEDIATE');
    const store = guarded(new TypeOrmFactorStore(writer, RULE));
    const started = Date.now();
    await assert.rejects(store.claimStep(freshKey(), 'first', 1, 1), StoreUnavailable);
    assert.ok(Date.now() - started < 2_200);
    await holder.query('ROLLBACK');
    assert.equal(await store.claimStep(freshKey(), 'first', 1, 1), false);
    await close();
  });
});

import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { client1 } from '../support/demo-people.js';
import { Actor, type Held } from './journeys.js';
import { MortalDemo } from './mortal-demo.js';

/** Somebody at the begin of a journey, and what he holds. */
export interface Prepared {
  readonly actor: Actor;
  readonly held: Held;
  /** Of the factor held; not used yet. */
  readonly code: string;
}

/** A panel that dies at a write, on a Redis database of its own, and its one person. */
export class Stage {
  readonly panel: MortalDemo;
  readonly #redis: Redis;

  static async open(redis: string): Promise<Stage> {
    return new Stage(await MortalDemo.start(redis), new Redis(redis));
  }

  private constructor(panel: MortalDemo, redis: Redis) {
    this.panel = panel;
    this.#redis = redis;
  }

  somebody(person = client1): Actor {
    return new Actor(this.panel.demo.url, person, (key) => this.panel.codeNow(key));
  }

  /** Logged in to an account without a factor; `left` is the one it may have. */
  async withoutFactor(left: Held): Promise<Prepared> {
    const actor = this.somebody();
    await actor.enter(left.key && (await this.panel.nextCode(left.key)));
    if (await actor.isActive()) assert.equal((await actor.turnOff()).status, 303);
    await this.#redis.flushdb();
    return { actor, held: { key: '', recoveryCodes: [] }, code: '' };
  }

  /** Logged in and cleared, with the factor that is left while it has enough recovery codes. */
  async withFactor(left: Held): Promise<Prepared> {
    await this.#redis.flushdb();
    const actor = this.somebody();
    const inside = left.recoveryCodes.length > 2 && (await actor.enter(await this.panel.nextCode(left.key)));
    if (inside && inside.location === '/')
      return { actor, held: left, code: await this.panel.nextCode(left.key) };
    const { actor: fresh, held } = await this.withoutFactor(left);
    await fresh.turnOn(held);
    return { actor: fresh, held, code: await this.panel.nextCode(held.key) };
  }

  /** Whoever comes back later gets in with this phone. */
  async assertOpens(held: Held): Promise<void> {
    const later = this.somebody();
    const outcome = await later.enter(await this.panel.nextCode(held.key));
    assert.equal(outcome.location, '/', `${outcome.status}`);
    assert.equal(await later.isActive(), true);
  }

  /** The password alone is enough, as nothing is active. */
  async assertOff(): Promise<void> {
    assert.equal((await this.somebody().logIn()).path, '/');
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.panel.demo.stop();
  }
}

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { seenIn } from '../support/client-journey.js';
import type { CookieJar } from '../support/cookie-jar.js';
import { freePort } from '../support/free-port.js';
import { type Fields, PanelClient, type Reply } from '../support/panel-client.js';
import { Phone } from '../support/phone.js';
import { TestProcess } from '../support/process.js';
import { inProject } from '../support/project.js';
import { tempFolder } from '../support/temp-folder.js';

export interface Shared {
  readonly database: string;
  readonly redis: string;
  /** The Redis of the panel's own sessions; without it the same. */
  readonly sessions?: string;
}

/** Two processes of a panel behind one name, on one database and one Redis. */
export class Nodes {
  readonly #ports: readonly number[];
  readonly #processes: readonly TestProcess[];

  static async start({ database, redis, sessions = redis }: Shared): Promise<Nodes> {
    const ports = [await freePort(), await freePort()];
    const shared = [`http://127.0.0.1:${ports[0]}`, database, redis, join(tempFolder(), 'key')];
    const script = inProject('.build/test/attacks/node-panel.js');
    const processes: TestProcess[] = [];
    for (const port of ports) {
      const env = { SESSIONS: sessions };
      const node = new TestProcess(process.execPath, [script, String(port), ...shared], { env });
      await node.waitFor(/node listens/);
      processes.push(node);
    }
    return new Nodes(ports, processes);
  }

  private constructor(ports: readonly number[], processes: readonly TestProcess[]) {
    this.#ports = ports;
    this.#processes = processes;
  }

  get publicUrl(): string {
    return `http://127.0.0.1:${this.#ports[0]}`;
  }

  /** A browser whose requests come to node `index`; with the cookies of another one, if given. */
  visitor(index: number, cookies?: CookieJar): Visitor {
    return new Visitor(`http://127.0.0.1:${this.#ports[index % 2]}`, this.publicUrl, cookies);
  }

  /** Somebody with the right password, at a code page of the node; the page. */
  async waiting(id: string, index: number): Promise<Visitor> {
    const visitor = this.visitor(index);
    await visitor.post('/login', { id, password: 'right' });
    await visitor.readToken('/2fa/login');
    return visitor;
  }

  /** Turns 2FA on for a new account; its phone and codes, and the browser that did it. */
  async enrolled(id: string) {
    const visitor = this.visitor(0);
    await visitor.post('/login', { id, password: 'right' });
    await visitor.readToken('/2fa/settings');
    await visitor.post('/2fa/settings/begin', {});
    const key = /[A-Z2-7]{4}(?: [A-Z2-7]{4}){7}/.exec(seenIn(await visitor.get('/2fa/settings')))?.[0] ?? '';
    const phone = new Phone(key.replaceAll(' ', ''));
    const page = await visitor.post('/2fa/settings/register', {
      password: 'right',
      code: await phone.next(),
    });
    const recoveryCodes = seenIn(page).match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b/g) ?? [];
    assert.equal(recoveryCodes.length, 10, page.body);
    assert.equal((await visitor.post('/2fa/settings/save', { twofa_mode: '2fa' })).status, 303);
    assert.equal((await visitor.get('/')).body, `inside of ${id}`);
    return { visitor, phone, recoveryCodes };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((node) => node.stop()));
  }
}

/** A browser at one node; its forms are from the public name and carry the last token that was read. */
export class Visitor extends PanelClient {
  readonly #public: string;
  token = '';
  #guesses = 0;

  constructor(origin: string, publicUrl: string, cookies?: CookieJar) {
    super(origin, cookies);
    this.#public = publicUrl;
  }

  override post(path: string, fields: Fields, headers: Fields = {}): Promise<Reply> {
    return super.post(path, { twofa_csrf: this.token, ...fields }, { origin: this.#public, ...headers });
  }

  async readToken(path: string): Promise<void> {
    const { body, status, location } = await this.get(path);
    this.token = /name="twofa_csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
    assert.ok(this.token, `${path}: ${status} ${location}`);
  }

  /** Each is a form of its own, though the code be the same. */
  guess(code: string, headers?: Fields): Promise<Reply> {
    this.#guesses += 1;
    return this.post('/2fa/login', { code, guess: String(this.#guesses) }, headers);
  }
}

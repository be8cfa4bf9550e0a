import { browserTest, type PageOptions } from './browser.js';
import { Journey } from './browser-journey.js';
import { Demo, type DemoOptions } from './demo.js';
import type { Person } from './demo-people.js';

/** What the test of a journey gets. */
export interface JourneyTest {
  /** A demo panel of this test alone. */
  readonly demo: Demo;
  readonly javaScript: boolean;
  /** Sits a person down in front of a browser of his own. */
  sitDown(person: Person, options?: PageOptions): Promise<Journey>;
}

type Body = (test: JourneyTest) => Promise<void>;

/** A test that runs twice, in browsers with JavaScript and in browsers without. */
export function journeyTest(name: string, body: Body, options: DemoOptions = {}): void {
  run(`${name}, with JavaScript`, true, body, options);
  run(`${name}, without JavaScript`, false, body, options);
}

/** As {@link journeyTest}, in browsers with JavaScript only. */
export function scriptedTest(name: string, body: Body, options: DemoOptions = {}): void {
  run(name, true, body, options);
}

function run(name: string, javaScript: boolean, body: Body, options: DemoOptions): void {
  browserTest(name, async ({ t, newPage }) => {
    const demo = await Demo.start(options);
    t.after(() => demo.stop());
    const sitDown = (person: Person, more: PageOptions = {}) =>
      Journey.start({ newPage }, demo, person, { javaScript, ...more });
    await body({ demo, javaScript, sitDown });
  });
}

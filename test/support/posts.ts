import { MANIFEST_FILE, readManifest } from '../../src/plugin/manifest.js';
import { Member } from './client-journey.js';
import { admin, client1, client2, type Person, second, settingsPath } from './demo-people.js';
import { elementsOf } from './html-elements.js';
import { inProject } from './project.js';

/** A form that somebody may send: where to, who, and the page it stands on. */
export interface Post {
  /** Its name in the manifest; the panel's own have none. */
  readonly route?: string;
  readonly path: string;
  readonly person: Person;
  readonly from: string;
  /** Fields that the page behind it reads. */
  readonly reads: readonly string[];
  /** What it asks for beside its tokens. */
  readonly fields?: Readonly<Record<string, string>>;
}

const settings = ['password', 'repeat', 'twofa_mode'];

/** Every form of the demo panel itself. */
export const PANEL_POSTS: readonly Post[] = [
  { path: '/login', person: client2, from: '/login', reads: ['username', 'password', 'next'] },
  { path: '/logout', person: client2, from: '/', reads: ['csrf'] },
  { path: '/login_as/4', person: admin, from: '/admin/users/4', reads: ['csrf'] },
  { path: '/login_as/return', person: admin, from: '/', reads: ['csrf'] },
  {
    path: '/tools/user_settings',
    person: client2,
    from: '/tools/user_settings',
    reads: settings,
    fields: { language: 'en' },
  },
  { path: '/mailuser/password', person: second, from: '/mailuser/password', reads: settings },
  { path: '/admin/users/4', person: admin, from: '/admin/users/4', reads: ['active', 'csrf'] },
];

const OWN_READS: Readonly<Record<string, readonly string[]>> = {
  'login.submit': ['code'],
  'settings.register': ['password', 'code'],
  'settings.renew': ['password', 'code'],
  'settings.move': ['password', 'code'],
  'settings.save': ['twofa_mode'],
  'accounts.save': ['twofa_shown', 'twofa_enabled'],
};

/** Every form of the plugin, out of its manifest. */
export function ownPosts(): Post[] {
  const { mount, routes } = readManifest(inProject(MANIFEST_FILE));
  return routes
    .filter(({ method }) => method === 'POST')
    .map(({ name, path: pattern, access }) => {
      const path = mount + pattern.replace(':realm', 'user').replace(':id', '3');
      const reads = OWN_READS[name] ?? ['twofa_csrf'];
      // client1 has a factor, and waits for its code.
      if (access === 'pending') return { route: name, path, person: client1, from: `${mount}/login`, reads };
      if (access === 'admin') return { route: name, path, person: admin, from: path, reads };
      return { route: name, path, person: client2, from: settingsPath(client2), reads };
    });
}

/** Somebody logged in, on the page of that form, with its tokens and what it asks for beside them. */
export async function sender(origin: string, { person, from, path, fields = {} }: Post) {
  const member = new Member(origin, person);
  if (path !== '/login') await member.logIn();
  const page = await member.get(from);
  const tokens: Record<string, string> = { ...fields };
  for (const { attributes } of elementsOf(page.body))
    if (attributes.name === 'csrf' || attributes.name === 'twofa_csrf')
      tokens[attributes.name] = attributes.value ?? '';
  return { member, tokens };
}

import { serialize, session } from '../.build/test/hosts/ispconfig/php-session.js';
import { readSessionData } from '../dist/hosts/ispconfig/sessions/session-data.js';
import { knownNames } from '../dist/hosts/ispconfig/sessions/session-names.js';

/**
 * Sessions of ISPConfig whose identity is known. `intact` ones must give exactly it, whatever else is stored in them;
 * broken ones must be refused, or give an identity that a reader of another make finds in the same bytes.
 */
const NAMES = knownNames();
const PEOPLE = ['s', 's_old', 's_pending'];

export function fuzzSession(random) {
  const model = modelOf(random);
  const intact = Buffer.from(session(model.variables), 'utf8');
  check(readSessionData(intact, NAMES), model.expected, intact);
  const broken = broke(random, intact);
  let read;
  try {
    read = readSessionData(broken, NAMES);
  } catch (error) {
    if (error?.name !== 'UnfitSession') throw found('crash', broken, error);
    return 'refused';
  }
  const other = readOtherwise(broken);
  if (other === undefined) throw found('read what another reader refuses', broken);
  check(read, other, broken);
  return 'read';
}

const look = (id) => session({ s: { user: { userid: String(id), active: '1' } } });
const HOSTILE = (random) =>
  random.of([
    () => look(1),
    () => `";}s|${serialize({ user: { userid: '1', active: '1' } })}`,
    () => `}}${look(1)}`,
    () => `s_old|${serialize({ user: { userid: '1', active: '1' } })}`,
    () => 's:6:"userid";s:1:"1";',
    () => random.text(random.below(24)),
    () => '|'.repeat(random.below(5)),
    () => 'ü€🐙\0"\';{}|',
    () => 'R:2;',
    () => '',
  ])();

function anyValue(random, depth) {
  switch (random.below(depth > 0 ? 7 : 5)) {
    case 0:
      return random.below(1_000_000) - 500_000;
    case 1:
      return random.below(2) === 0;
    case 2:
      return null;
    case 3:
    case 4:
      return HOSTILE(random);
    default: {
      const value = {};
      for (let left = random.below(4); left > 0; left -= 1) {
        const key = random.of(['user', 'userid', 's', 's_old', 'active', 'x', '0', '7', HOSTILE(random)]);
        value[`${key}`] = anyValue(random, depth - 1);
      }
      return value;
    }
  }
}

function userOf(random, id) {
  const mail = random.below(4) === 0;
  const active = random.of(['1', '0', 1]);
  const before = random.below(2) ? { note: anyValue(random, 2), username: HOSTILE(random) } : {};
  const [modules, groups] = [random.of(['dashboard,tools', '', 'mail']), random.of(['3', '2,4', ''])];
  const typ = random.of(['user', 'admin', HOSTILE(random)]);
  const own = mail
    ? { userid: 0, mailuser_id: String(id), email: 'a@b.test' }
    : { userid: String(id), client_id: String(id + 1), groups };
  const after = random.below(2) ? { theme: HOSTILE(random), id_rsa: anyValue(random, 2) } : {};
  return {
    row: { ...before, ...own, typ, active, modules, default_group: random.of(['7', 7]), ...after },
    expected: {
      realm: mail ? 'mailuser' : 'user',
      id: String(id),
      active: String(active) === '1',
      typ,
      modules: parts(modules),
      groups: mail ? [] : parts(groups),
      defaultGroup: '7',
      clientId: mail ? '0' : String(id + 1),
      email: mail ? 'a@b.test' : '',
    },
  };
}

function modelOf(random) {
  const user = random.below(4) > 0 ? userOf(random, 2 + random.below(90)) : undefined;
  const former = random.below(3) === 0 ? userOf(random, 2 + random.below(90)) : undefined;
  const pending = random.below(3) === 0 ? userOf(random, 2 + random.below(90)) : undefined;
  const entries = [
    [
      's',
      {
        ...noise(random),
        ...(user && { user: user.row }),
        ...(random.below(2) ? { tail: anyValue(random, 2) } : {}),
      },
    ],
    ['search', anyValue(random, 3)],
    ['s_pending', pending ? { user: pending.row, ...noise(random) } : null],
  ];
  if (former) entries.push(['s_old', { user: former.row, ...noise(random) }]);
  if (random.below(3) === 0) entries.push(['otp', random.of([{ type: 'email' }, null, false, true])]);
  for (let swap = entries.length; swap > 1; swap -= 1) {
    const other = random.below(swap);
    [entries[swap - 1], entries[other]] = [entries[other], entries[swap - 1]];
  }
  return {
    variables: Object.fromEntries(entries),
    expected: {
      user: user?.expected,
      formerUser: former?.expected,
      waiting: waiting(pending?.expected, user, entries),
    },
  };
}

function parts(list) {
  return list.split(',').filter((part) => part !== '');
}

/** Who waits for a step of the panel's, beside all other names that are set. */
function waiting(pending, user, entries) {
  if (!pending || user) return undefined;
  const set = entries.filter(([name, value]) => !PEOPLE.includes(name) && value !== null && value !== false);
  return { user: pending, beside: set.map(([name]) => name) };
}

/** What a session keeps beside the user: never a key `user`. */
function noise(random) {
  return random.below(2) ? { form: HOSTILE(random), nested: { user: { userid: '1' } } } : { id: 'x' };
}

/** One to three changes of bytes: what a fault, a cut-off column or a bug of PHP could leave. */
function broke(random, intact) {
  let bytes = Buffer.from(intact);
  for (let changes = 1 + random.below(3); changes > 0; changes -= 1) {
    const at = random.below(bytes.length + 1);
    const [from, to] = [at, Math.min(bytes.length, at + random.below(30))];
    switch (random.below(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = random.below(256);
        break;
      case 1:
        bytes = bytes.subarray(0, at);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(HOSTILE(random)), bytes.subarray(at)]);
        break;
      case 5: {
        const digit = bytes.findIndex((byte, index) => index >= at && byte >= 0x30 && byte <= 0x39);
        if (digit >= 0) bytes[digit] = 0x30 + random.below(10);
        break;
      }
      default:
        bytes = Buffer.concat([bytes, Buffer.from(random.below(2) ? look(1) : HOSTILE(random))]);
    }
  }
  return bytes;
}

/** A second reader, written apart from the first one: a tree of everything, and then what stands in it. */
function readOtherwise(bytes) {
  const text = bytes.toString('latin1');
  let at = 0;
  const fail = () => {
    throw new SyntaxError(`at ${at}`);
  };
  const match = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) return fail();
    at += found[0].length;
    return found;
  };
  const utf8 = (part) => Buffer.from(part, 'latin1').toString('utf8');
  const entriesOf = (count, depth) => {
    if (text[at++] !== '{') fail();
    const entries = [];
    for (let index = 0; index < count; index += 1) {
      if (text[at] !== 's' && text[at] !== 'i') fail();
      const key = value(0);
      entries.push([key, value(depth + 1)]);
    }
    if (text[at++] !== '}') fail();
    return { entries };
  };
  const value = (depth) => {
    if (depth > 40) fail();
    switch (text[at]) {
      case 'N':
        match(/N;/y);
        return null;
      case 'b':
      case 'i':
      case 'd':
        return { [text[at]]: utf8(match(/[bid]:([^;]{0,260});/sy)[1]) };
      case 'r':
      case 'R':
        match(/[rR]:[^;]{0,260};/sy);
        return { reference: true };
      case 's': {
        const [, length] = match(/s:(\d{1,10}):"/y);
        const from = at;
        at += Number(length);
        match(/";/y);
        return utf8(text.slice(from, from + Number(length)));
      }
      case 'a':
        return { ...entriesOf(Number(match(/a:(\d{1,10}):/y)[1]), depth), array: true };
      case 'O': {
        const [, length] = match(/O:(\d{1,10}):"/y);
        at += Number(length);
        return entriesOf(Number(match(/":(\d{1,10}):/y)[1]), depth);
      }
      default:
        return fail();
    }
  };
  try {
    const variables = new Map();
    while (at < text.length) {
      const name = match(/([^|]+)\|/sy)[1];
      if (variables.has(name)) fail();
      variables.set(name, value(0));
    }
    const last = (node, key) => node?.entries?.findLast(([name]) => name === key)?.[1];
    const person = (name) => {
      const user = last(variables.get(name), 'user');
      if (!user?.array) return undefined;
      const field = (key) => last(user, key)?.i ?? last(user, key);
      const [userid, mailuserId] = [field('userid'), field('mailuser_id') ?? '0'];
      return {
        realm: userid === '0' ? 'mailuser' : 'user',
        id: userid === '0' ? mailuserId : userid,
        active: field('active') === '1',
        typ: field('typ') ?? '',
        modules: parts(field('modules') ?? ''),
        groups: parts(field('groups') ?? ''),
        defaultGroup: field('default_group'),
        clientId: field('client_id') ?? '0',
        email: field('email') ?? '',
      };
    };
    const user = person('s');
    const plain = [...variables].map(([name, value]) => [name, value?.b === '0' ? false : value]);
    return {
      user,
      formerUser: person('s_old'),
      waiting: waiting(person('s_pending'), user, plain),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function check(actual, expected, bytes) {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw found(`a wrong identity: ${JSON.stringify(actual)} for ${JSON.stringify(expected)}`, bytes);
}

function found(what, bytes, cause) {
  return new Error(`${what}, by the session (base64): ${bytes.toString('base64')}`, { cause });
}

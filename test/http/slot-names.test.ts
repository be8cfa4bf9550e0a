import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { keyUri } from '../../src/core/codes/totp.js';
import { Views } from '../../src/http/views.js';
import { inProject } from '../support/project.js';

type Node = DefaultTreeAdapterTypes.ChildNode;

const views = new Views({ folders: [inProject('templates')], mount: '/2fa' });
const KEY = Buffer.alloc(20, 7);

/** Every template that prints a name or a query, with it. */
const PAGES: Readonly<Record<string, (name: string) => string>> = {
  'the settings slot': (name) =>
    views.render('slot-settings', 'en', {
      form: 'f',
      csrf: 'token',
      qr: '<svg></svg>',
      status: {
        kind: 'setup',
        swap: true,
        registered: false,
        account: name,
        issuer: name,
        key: 'A'.repeat(32),
        keyUri: keyUri(KEY, name, name, 30),
        period: 30,
        expiresAt: 1,
      },
    }),
  'the code page': (name) =>
    views.render('challenge', 'de', {
      look: { styleSheets: [] },
      csrf: 'token',
      account: name,
      contact: name,
      triesLeft: 5,
      timeLeft: '5 minutes',
      period: 30,
      nextCodeSeconds: 3,
    }),
  'the accounts page': (name) =>
    views.render('accounts', 'en', {
      title: 'Accounts',
      rows: [{ account: { realm: 'user', id: name.slice(0, 64), name, role: 'client' }, active: false }],
      total: 1,
      query: name.slice(0, 100),
      page: 1,
      pages: 3,
      size: 5,
      sizes: [5],
    }),
};

/** Tags and names of attributes, and all texts apart: what a name may not change, and where it may stand. */
function shapeOf(html: string) {
  const shape: string[] = [];
  const texts: string[] = [];
  const walk = (node: Node) => {
    if ('value' in node) texts.push(node.value);
    if (!('attrs' in node)) return;
    shape.push(`${node.tagName} ${node.attrs.map(({ name }) => name).join(' ')}`);
    for (const { name, value } of node.attrs)
      if (/^(on|formaction|action|src)/.test(name)) shape.push(`${name}=${value}`);
    for (const child of node.childNodes) walk(child);
  };
  for (const node of parseFragment(html).childNodes) walk(node);
  return { shape: shape.join('\n'), text: texts.join('\n') };
}

test('on the code page a name is apart from the direction of its sentence', () => {
  const html = PAGES['the code page']?.('\u05d0\u202e<b>') ?? '';
  assert.match(html, /für <bdi>\u05d0\u202e&lt;b&gt;<\/bdi> anzeigt\./);
});

/** A NUL never gets into a page, and a parser makes one line end of two characters. */
const asParsed = (text: string) => text.replace(/\0/g, '').replace(/\r\n?/g, '\n');

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '=',
      '/',
      ' ',
      'script',
      '<!--',
      '-->',
      '{{',
      '<%',
      '%>',
      '{',
      '\u202e',
      '\u2067',
      '&#x3c;',
      '</',
      'onload',
      '\n',
      '</title>',
      '</select>',
      ']]>',
      '{account, select, other {x}}',
    ),
    maxLength: 30,
  }),
);

for (const [what, render] of Object.entries(PAGES)) {
  const plain = shapeOf(render('somebody')).shape;

  test(`A40 no name changes the markup of ${what}, and it is read there as it is`, () => {
    assert.ok(plain.length > 100);
    fc.assert(
      fc.property(hostile, (given) => {
        const name = `n${given}`;
        const { shape, text } = shapeOf(render(name));
        assert.equal(shape, plain);
        assert.ok(text.includes(asParsed(name)), text);
      }),
      { numRuns: 300 },
    );
  });

  test(`A40 a name of 64 kB changes nothing of ${what}`, () => {
    for (const part of ['<b>', '"', '&', '\u202e', '🐙']) {
      const name = part.repeat(65_536 / part.length);
      const { shape, text } = shapeOf(render(name));
      assert.equal(shape, plain);
      assert.ok(text.includes(name));
    }
  });
}

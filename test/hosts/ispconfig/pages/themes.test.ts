import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlotPage } from '../../../../src/hosts/ispconfig/pages/slot-page.js';

const PATH = '/tools/user_settings.php';
const ACTION = 'tools/user_settings.php';
const FIELD = '<div class="row"><label>Language</label><input name="language"></div>';
const SELECT = '<select name="otp_type"><option value="none">none</option></select>';
const SLOT = { html: '<div id="twofa"></div>', forms: '' };

function placed(html: string): string | undefined {
  return new SlotPage(html, PATH).with(SLOT, {
    form: 'twofa-save',
    action: '/2fa/settings/save',
    mirrored: true,
    elsewhere: { label: 'My 2FA', path: '/2fa/settings' },
  });
}

/** What stands right behind the slot, and what stands right before it. */
function around(html: string): { before: string; after: string } {
  const [before = '', after = ''] = (placed(html) ?? '').split(
    /<p class="twofa-elsewhere">.*<div id="twofa"><\/div><\/div>/s,
  );
  return { before, after };
}

/** Whatever saves a page in one theme or another; `@` stands where our mark comes. */
const SAVES: readonly (readonly [theme: string, control: string])[] = [
  [
    'the panel',
    `<button@ class="formbutton-success" type="button" data-submit-form="pageForm" data-form-action="${ACTION}">Save</button>`,
  ],
  [
    'no class at all',
    `<button@ type="button" data-submit-form="pageForm" data-form-action="${ACTION}">Save</button>`,
  ],
  ['an absolute address', `<button@ type="button" data-form-action="/${ACTION}?x=1#top">Save</button>`],
  ['a link', `<a@ href="#" data-submit-form="pageForm" data-form-action="./${ACTION}">Save</a>`],
  ['formaction', `<button@ formaction="${ACTION}">Save</button>`],
  ['an image', '<input@ type="image" src="save.png" alt="Save">'],
  ['an image of its own form', `<form action="${ACTION}"><input@ type="IMAGE" alt="Save"></form>`],
  ['a submit control', '<input@ type="submit" value="Save">'],
  ['a button without a type', '<button@>Save</button>'],
  [
    'a link with a script',
    `<a@ href="#" onclick="ISPConfig.submitForm('pageForm','${ACTION}'); return false">Save</a>`,
  ],
  ['a script in the address', `<a@ href="javascript:go(&quot;${ACTION}&quot;)">Save</a>`],
  ['requestSubmit', '<a@ href="#" onclick="document.forms.pageForm.requestSubmit()">Save</a>'],
  ['a role', `<div@ role="button" tabindex="0" data-form-action="${ACTION}">Save</div>`],
  ['htmx', `<button@ type="button" hx-post="/${ACTION}">Save</button>`],
];

for (const [theme, control] of SAVES) {
  test(`the slot stands above what saves the page: ${theme}`, () => {
    const row = `<div class="any"><div>${control.replace('@', '')}<button type="button" data-load-content="tools/index.php">Cancel</button></div></div>`;
    const html = `${FIELD}${row}`;
    const { before, after } = around(html);
    assert.equal(before, FIELD);
    assert.equal(after, row.replace(control.replace('@', ''), control.replace('@', ' data-twofa-saves')));
  });
}

const NO_SAVES: readonly (readonly [what: string, html: string])[] = [
  ['nothing', '<h1>Error</h1>'],
  ['another page', `${FIELD}<button data-form-action="tools/other.php">Save</button>`],
  ['another host', `${FIELD}<button formaction="//evil.test/${ACTION}">Save</button>`],
  [
    'a way to show it',
    `${FIELD}<a href="${ACTION}">User Settings</a><a href="#" data-load-content="${ACTION}">Again</a>`,
  ],
  [
    'its tabs',
    `${FIELD}<a href="#" onclick="return ISPConfig.changeTab('users','${ACTION}')">Tab</a><button type="button" data-change-tab="a" data-form-action="${ACTION}">Tab</button>`,
  ],
  ['a listener that nobody sees', `${FIELD}<button type="button" class="go">Save</button>`],
  ['a helper of a field', `${FIELD}<button data-generate-password="true">Generate</button>`],
  ['a form of its own elsewhere', `${FIELD}<form action="/search"><button>Go</button></form>`],
];

for (const [what, html] of NO_SAVES)
  test(`the page is unknown when nothing saves it: ${what}`, () => assert.equal(placed(html), undefined));

const BUTTON = `<button type="button" data-form-action="${ACTION}">Save</button>`;
const MARKED = BUTTON.replace('<button', '<button data-twofa-saves');

/** Where the slot goes: `@` in the page. */
const PLACES: readonly (readonly [what: string, html: string])[] = [
  [
    'below the line of the select',
    `<div class="hg"><label>2FA</label><div>${SELECT}</div></div>@${FIELD}${BUTTON}`,
  ],
  [
    'with all that belongs to the select',
    `<div>${SELECT}<input name="totp_verification_code"></div>@${FIELD}<p>${BUTTON}</p>`,
  ],
  ['not in the rows of a table', `<table><tr><td>${FIELD}</td></tr><tr><td>@${BUTTON}</td></tr></table>`],
  [
    'not in a row with a select either',
    `<table><tr><td>${SELECT}@</td></tr><tr><td>${FIELD}${BUTTON}</td></tr></table>`,
  ],
  ['not in a paragraph or a list', `<ul><li>${FIELD}</li><li>@${BUTTON}</li></ul>`],
  ['above the last of two', `<div>${BUTTON}</div>${FIELD}@<div>${BUTTON}</div>`],
  ['beside a field', `<div>${FIELD}@${BUTTON}</div>`],
];

for (const [what, html] of PLACES) {
  test(`the slot is placed ${what}`, () => {
    const { before, after } = around(html.replace('@', ''));
    const mirrored = (text: string) =>
      text
        .replace('name="otp_type"', 'data-twofa-select')
        .replace(
          '</option></select>',
          '</option><option value="2fa">2FA</option></select><input type="hidden" name="otp_type" value="none" data-twofa-panel-value>',
        )
        .replaceAll(BUTTON, MARKED);
    assert.equal(`${before}@${after}`, mirrored(html));
  });
}

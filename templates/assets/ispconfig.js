/*
 * The slot inside the shell of ISPConfig, or of whatever theme is around it: nothing of the shell is used that was not
 * looked for. Whatever saves the panel's page saves the slot first, and the panel's part only when that worked; nothing
 * typed into the slot triggers the panel's own buttons; the panel's select offers 2FA.
 */
(() => {
  const root = document.documentElement;
  const place = () => document.querySelector('.twofa-place');
  const saveButton = () => document.querySelector('[data-twofa-saves]');
  const isOurs = (form) => form?.getAttribute('id') === place()?.dataset.twofaPlace;
  let busy = false;
  /** Our part is saved: what the panel does now is its own. */
  let passing = false;

  /** Saves the slot; true when the panel may save its part. What came of it is shown in any case: the panel may refuse without a word. */
  async function save({ dataset }) {
    if (await window.twofa.post(document.getElementById(dataset.twofaPlace), dataset.twofaAction))
      return true;
    // The panel keeps the tab that a change of tabs was to lead to.
    const tab = document.querySelector('[name="next_tab"]');
    if (tab) tab.value = '';
    const alert = place()?.querySelector('[role="alert"]');
    alert?.focus();
    alert?.scrollIntoView({ block: 'nearest' });
    return false;
  }

  async function saveThen(goOn) {
    if (busy) return;
    busy = true;
    const button = saveButton();
    button?.setAttribute('aria-busy', 'true');
    try {
      if (await save(place())) pass(goOn);
    } finally {
      busy = false;
      button?.removeAttribute('aria-busy');
    }
  }

  function pass(goOn) {
    passing = true;
    try {
      goOn();
    } finally {
      passing = false;
    }
  }

  /** Ours comes first: the panel sees the same event again when it may save. */
  function hold(event, goOn) {
    if (passing || !place()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    saveThen(goOn);
  }

  window.addEventListener(
    'click',
    (event) => {
      const control = event.target.closest?.('[data-twofa-saves]');
      if (control && !control.disabled) hold(event, () => control.click());
    },
    true,
  );

  window.addEventListener(
    'submit',
    (event) => {
      const { target: form, submitter } = event;
      if (isOurs(form)) {
        event.preventDefault();
        saveButton()?.click();
      } else if (form.contains(place())) hold(event, () => form.requestSubmit(submitter));
    },
    true,
  );

  /** What a shell saves by that is no click: Enter, and a change of its tabs, which saves the tab that is left. */
  const SAVERS = ['submitForm', 'submitPageForm'];
  const wrapped = new WeakSet();

  /** The shell may come after us. */
  function wrapSavers() {
    const shell = window.ISPConfig;
    for (const name of SAVERS) {
      const original = shell?.[name];
      if (typeof original !== 'function' || wrapped.has(original)) continue;
      const held = function (...form) {
        if (passing || !place()) return original.apply(this, form);
        saveThen(() => original.apply(this, form));
      };
      wrapped.add(held);
      shell[name] = held;
    }
  }

  /** Shells turn Enter in a field, and on a button, into clicks on Save. Here it is that field's form's, or the button's. */
  function keepEnter(event) {
    const { target, key, type } = event;
    if (key !== 'Enter' || !place()?.contains(target)) return;
    event.stopImmediatePropagation();
    if (type === 'keydown' || !target.matches('input, select') || !isOurs(target.form)) return;
    event.preventDefault();
    saveButton()?.click();
  }
  window.addEventListener('keydown', keepEnter, true);
  window.addEventListener('keypress', keepEnter, true);

  const mode = () => document.getElementById('twofa-mode');
  const mirror = () => document.querySelector('select[data-twofa-select]');

  /** Does something to the combo box that a shell has made of a select, if it has. */
  function combo(select, ...what) {
    if (typeof window.jQuery !== 'function' || !document.getElementById(`s2id_${select.id}`)) return;
    window.jQuery(select).select2?.(...what);
  }

  /** What the panel is to be sent in place of its own select. */
  const sent = () => document.querySelector('[data-twofa-panel-value]');
  /** Turns the panel's own off where 2FA is chosen. */
  const endsPanels = () => document.getElementById('twofa-end-panel');
  const isOn = () => document.getElementById('twofa')?.dataset.twofaLive !== undefined;
  const mustStay = () => isOn() && mode().querySelector('option[value="none"]').hidden;

  /** The combo box around the select and the panel's own script hear of it too. */
  function set(select, value) {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** The panel's select shows what ours says; a page that came anew knows nothing of what was chosen before. */
  function show(isNew = false) {
    const select = mirror();
    if (!select) return;
    if (!mode()) return showForeign(select);
    const { dataset } = place();
    if (isNew) {
      delete dataset.twofaInstead;
      last = select.value;
    }
    const box = endsPanels();
    if (box?.defaultChecked) sent().value = 'none';
    if (box) box.checked = sent().value === 'none';
    name('twofa-panel-name', dataset.twofaPanel);
    showInstead();
    if (mode().value === '2fa' && select.value !== '2fa' && !dataset.twofaInstead) set(select, '2fa');
  }

  /** The panel's own word for one of its second factors. */
  function name(className, kind) {
    const option = [...mirror().options].find(({ value }) => value === kind);
    for (const element of document.getElementsByClassName(className))
      if (option && element.textContent !== option.text) element.textContent = option.text;
  }

  /** The panel's own second factor that is chosen while 2FA is on: in its place, or beside it where it must stay. */
  function showInstead() {
    const { twofaInstead = '' } = place().dataset;
    const field = document.getElementById('twofa-instead');
    if (field) field.value = twofaInstead;
    name('twofa-instead-name', twofaInstead);
  }

  /** Who is logged in as somebody else sees what that one has, and cannot choose our option. */
  function showForeign(select) {
    const slot = document.getElementById('twofa');
    const option = select.querySelector('option[value="2fa"]');
    if (!slot || !option) return;
    if (slot.dataset.twofaActive === undefined) return option.remove();
    if (select.disabled) return;
    set(select, '2fa');
    select.disabled = true;
    combo(select, 'enable', false);
  }

  /** What the select said last, and what it said before 2FA was chosen. */
  let last = 'none';
  let before = 'none';

  function choose(select) {
    const { value } = select;
    const { dataset } = place();
    const is2fa = value === '2fa';
    if (is2fa && last !== '2fa') before = last;
    last = value;
    if (!is2fa) sent().value = value;
    else sent().value = endsPanels()?.checked ? 'none' : dataset.twofaPanel;
    const ours = mode();
    if (!ours) return;
    if (isOn() && !is2fa && value !== 'none') dataset.twofaInstead = value;
    else delete dataset.twofaInstead;
    showInstead();
    const chosen = is2fa || (value !== 'none' && mustStay()) ? '2fa' : 'none';
    if (ours.value === chosen) return;
    ours.value = chosen;
    ours.dispatchEvent(new Event('change', { bubbles: true }));
  }

  document.addEventListener('twofa:undone', () => {
    const select = mirror();
    if (select) set(select, before);
  });

  document.addEventListener('change', ({ target }) => {
    if (target === mirror()) choose(target);
    else if (target === endsPanels()) sent().value = target.checked ? 'none' : place().dataset.twofaPanel;
  });

  let heard = false;
  /** Combo boxes tell jQuery only. */
  function hearCombos() {
    if (heard || typeof window.jQuery !== 'function') return;
    heard = true;
    window.jQuery(document).on('change', 'select', ({ target, originalEvent }) => {
      if (originalEvent) return;
      if (target === mirror()) choose(target);
      else if (target === mode()) target.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }

  const known = new WeakSet();

  /** Undoes in the slot what shells do to all fields: combo boxes and passwords that cannot be typed at first. */
  function dress() {
    const slotPlace = place();
    if (!slotPlace) return;
    for (const select of slotPlace.querySelectorAll('select')) combo(select, 'destroy');
    for (const field of slotPlace.querySelectorAll('input[type="password"][readonly]'))
      field.readOnly = false;
    show(!known.has(slotPlace));
    known.add(slotPlace);
  }

  document.addEventListener('focusin', ({ target }) => {
    if (place()?.contains(target) && target.readOnly) target.readOnly = false;
  });

  /** Our own way to the settings page, where it is needed and nothing else leads there. */
  const way = document.getElementById('twofa-way');
  const { pathname: settings } = new URL(way.querySelector('a').href);
  const pages = way.dataset.twofaPages.split(' ');

  let isWaiting = false;

  function isMissing() {
    if (way.dataset.twofaNeeded === undefined || place()) return false;
    return ![...document.links].some((link) => !way.contains(link) && link.pathname === settings);
  }

  /** The menu with our entry may be on its way. */
  function showWay() {
    if (!isMissing()) way.hidden = true;
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      way.hidden = !isMissing();
    }, 1500);
  }

  /** A page that should have the slot was loaded, by whatever script. Where it has none, the menu says whether that page is unknown. */
  async function afterLoad(entries) {
    if (way.dataset.twofaNeeded !== undefined) return;
    if (!entries.some(({ name }) => pages.includes(new URL(name).pathname))) return;
    await new Promise((done) => setTimeout(done, 1000));
    if (place()) return;
    const menu = await fetch('/nav.php?nav=side', { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (!(await menu.text()).includes(`href="${settings}"`)) return;
    way.dataset.twofaNeeded = '';
    showWay();
  }

  function lookAround() {
    wrapSavers();
    hearCombos();
    dress();
    window.twofaShade(place());
    showWay();
  }

  root.dataset.twofaShell = '';
  new MutationObserver(lookAround).observe(document.body, { childList: true, subtree: true });
  new PerformanceObserver((list) => afterLoad(list.getEntries())).observe({
    type: 'resource',
    buffered: true,
  });
  for (const type of ['DOMContentLoaded', 'load']) window.addEventListener(type, lookAround);
  window.addEventListener('transitionend', () => window.twofaShade(place()));
  for (const element of [root, document.body])
    new MutationObserver(() => window.twofaShade(place())).observe(element, { attributes: true });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => window.twofaShade(place()));
  lookAround();
})();

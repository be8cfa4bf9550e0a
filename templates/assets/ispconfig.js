/*
 * The slot inside ISPConfig's shell. Whatever saves the panel's page saves the slot first, and the panel's part only
 * when that worked; nothing typed into the slot triggers the panel's own buttons; the panel's select offers 2FA.
 */
(() => {
  const SAVE = '#pageForm button.formbutton-success[data-submit-form]';
  const CONTENT = 'pageContent';
  const { jQuery, ISPConfig } = window;
  const { submitForm } = ISPConfig;
  const place = () => document.querySelector(`#${CONTENT} .twofa-place`);
  const saveButton = () => document.querySelector(SAVE);
  let busy = false;

  /** Saves the slot; true when the panel may save its part. What came of it is shown in any case: the panel may refuse without a word. */
  async function save({ dataset }) {
    if (await window.twofa.post(document.getElementById(dataset.twofaPlace), dataset.twofaAction))
      return true;
    // The panel scrolls up at every click on Save, and keeps the tab that a change of tabs was to lead to.
    jQuery('html, body').stop();
    document.pageForm.next_tab.value = '';
    const alert = place()?.querySelector('[role="alert"]');
    alert?.focus();
    alert?.scrollIntoView({ block: 'nearest' });
    return false;
  }

  /** Its Save, Enter in a field of its own, and a change of its tabs, which saves the tab that is left: all end here. */
  ISPConfig.submitForm = async (...form) => {
    if (!place()) return submitForm(...form);
    if (busy) return;
    busy = true;
    const button = saveButton();
    button?.setAttribute('aria-busy', 'true');
    try {
      if (await save(place())) submitForm(...form);
    } finally {
      busy = false;
      button?.removeAttribute('aria-busy');
    }
  };

  /* The shell turns Enter in a field, and on a button, into clicks on Save. Here it is that field's form's, or the button's. */
  window.addEventListener(
    'keypress',
    (event) => {
      const { target } = event;
      if (event.key !== 'Enter' || !place()?.contains(target)) return;
      event.stopImmediatePropagation();
      if (!target.matches('input, select')) return;
      // The panel's form has a field named "id", which hides the form's own.
      if (target.form?.getAttribute('id') !== place().dataset.twofaPlace) return;
      event.preventDefault();
      saveButton()?.click();
    },
    true,
  );

  document.addEventListener('submit', (event) => {
    if (event.target.getAttribute('id') !== place()?.dataset.twofaPlace) return;
    event.preventDefault();
    saveButton()?.click();
  });

  const mode = () => document.getElementById('twofa-mode');
  const mirror = () => document.querySelector(`#${CONTENT} select[data-twofa-select]`);
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
    jQuery(select).select2('enable', false);
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
    else jQuery(mode()).select2('val', 'none');
  });

  document.addEventListener('change', ({ target }) => {
    if (target === endsPanels()) sent().value = target.checked ? 'none' : place().dataset.twofaPanel;
  });

  // The panel's combo boxes tell jQuery only.
  jQuery(document).on('change', `#${CONTENT} select`, ({ target, originalEvent }) => {
    if (target === mirror()) choose(target);
    else if (target === mode() && !originalEvent)
      target.dispatchEvent(new Event('change', { bubbles: true }));
  });

  /** Undoes in the slot what the shell does to all fields: combo boxes and passwords that cannot be typed at first. */
  function dress() {
    const slotPlace = place();
    if (!slotPlace) return;
    jQuery(slotPlace).find('select.select2-offscreen').select2('destroy');
    jQuery(slotPlace).find('input[type="password"]').prop('readonly', false).tooltip('destroy');
    show(true);
  }

  /** A slot that came anew gets the combo box the shell has given to the one before it. */
  function redress() {
    show();
    const select = mode();
    if (!select || mirror() || jQuery.active > 0 || document.getElementById('s2id_twofa-mode')) return;
    jQuery(select).select2({ selectOnBlur: true });
  }

  ISPConfig.registerHook('onAfterContentLoad', dress);
  new MutationObserver(redress).observe(document.getElementById(CONTENT), { childList: true, subtree: true });
})();

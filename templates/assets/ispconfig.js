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

  /** The panel's select shows what ours says, and the hidden field what the panel is to be sent. */
  function show() {
    const select = mirror();
    if (select && !mode()) return showForeign(select);
    if (!select || !mode() || mode().value !== '2fa' || select.value === '2fa') return;
    select.value = '2fa';
    jQuery(select).select2('val', '2fa');
  }

  /** Who is logged in as somebody else sees what that one has, and cannot choose our option. */
  function showForeign(select) {
    const slot = document.getElementById('twofa');
    const option = select.querySelector('option[value="2fa"]');
    if (!slot || !option) return;
    if (slot.dataset.twofaActive === undefined) return option.remove();
    if (select.disabled) return;
    select.value = '2fa';
    select.disabled = true;
    jQuery(select).select2('val', '2fa').select2('enable', false);
  }

  /** What the panel's select said before 2FA was chosen. */
  let before = 'none';

  function choose(select) {
    const is2fa = select.value === '2fa';
    const sent = document.querySelector('[data-twofa-panel-value]');
    if (is2fa) before = sent.value;
    sent.value = is2fa ? 'none' : select.value;
    const ours = mode();
    if (!ours || ours.value === (is2fa ? '2fa' : 'none')) return;
    ours.value = is2fa ? '2fa' : 'none';
    ours.dispatchEvent(new Event('change', { bubbles: true }));
  }

  document.addEventListener('twofa:undone', () => {
    const select = mirror();
    if (select) {
      select.value = before;
      document.querySelector('[data-twofa-panel-value]').value = before;
    }
    jQuery(select ?? mode()).select2('val', select ? before : 'none');
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
    show();
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

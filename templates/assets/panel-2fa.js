/*
 * What JavaScript adds to pages that work without it: choosing 2FA opens the set-up, buttons of the slot stay on
 * their page, an answer that is no slot is told in it, a form is sent once, copying, printing, the seconds to the next code.
 */
window.twofa = (() => {
  const SLOT = 'X-Twofa-Slot';
  const ALERT = 'X-Twofa-Alert';
  const OWN_FORMS = ['twofa-setup', 'twofa-change'];
  /** Whoever still waits after this may click again; the server does nothing twice for a minute. */
  const PATIENCE_MS = 3000;
  const sent = new WeakMap();
  const slotNow = () => document.getElementById('twofa');

  function focus(element) {
    element?.focus();
    element?.scrollIntoView({ block: 'nearest' });
  }

  /** Posts a form and puts the slot that comes back in the place of the one shown, or what went wrong into it. True when it was done. */
  async function post(form, action) {
    const slot = slotNow();
    if (slot.getAttribute('aria-busy') === 'true') return false;
    slot.setAttribute('aria-busy', 'true');
    try {
      const response = await fetch(action, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
        headers: { [SLOT]: slot.dataset.twofaForm },
      });
      const text = await response.text();
      if (response.headers.has(SLOT)) replace(slot, text, response.ok);
      else if (response.headers.has(ALERT)) complain(slot, text);
      // The session is over, or another one began: it was led to a page that says so.
      else if (response.ok) location.assign(response.url);
      else complain(slot, sentence(slot, response.status));
      return response.ok && response.headers.has(SLOT);
    } catch {
      complain(slot, sentence(slot, 0));
      return false;
    } finally {
      slot.removeAttribute('aria-busy');
    }
  }

  /** After a refusal what was typed stays, but for the field that was wrong. */
  function replace(slot, html, isDone) {
    const typed = isDone
      ? []
      : [...slot.querySelectorAll('input[id]:not([type="hidden"], [type="checkbox"])')];
    slot.outerHTML = html;
    for (const { id, value } of typed) {
      const field = document.getElementById(id);
      if (field && field.getAttribute('aria-invalid') !== 'true') field.value = value;
    }
  }

  /** Whatever else answered (a web server, nobody) has no words for this page. */
  function sentence(slot, status) {
    const texts = JSON.parse(slot.dataset.twofaErrors);
    const alert = document.createElement('p');
    alert.textContent = texts[status] ?? texts.other;
    const attributes = {
      id: 'twofa-alert',
      class: 'twofa-alert alert alert-danger',
      role: 'alert',
      tabindex: '-1',
    };
    for (const [name, value] of Object.entries(attributes)) alert.setAttribute(name, value);
    return alert.outerHTML;
  }

  /** The slot with all that was typed stays; the alert stands where the slot's own would. */
  function complain(slot, html) {
    slot.querySelector('#twofa-alert')?.remove();
    slot.insertAdjacentHTML('afterbegin', html);
    focus(slot.querySelector('#twofa-alert'));
  }

  async function send(form, action) {
    await post(form, action);
    const shown = slotNow();
    focus(shown?.querySelector('[role="alert"], h2, .twofa-on input') ?? shown?.querySelector('select'));
  }

  /** Has this form been sent there a moment ago? */
  function isAgain(form, action) {
    const last = sent.get(form);
    const now = performance.now();
    if (last?.action === action && now - last.at < PATIENCE_MS) return true;
    sent.set(form, { action, at: now });
    return false;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Plain http, or the browser was told to refuse: the old way.
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  }

  document.addEventListener('change', async ({ target }) => {
    const form = document.getElementById('twofa-setup');
    if (target.id !== 'twofa-mode' || target.value !== '2fa' || !form) return;
    if (target.closest('#twofa')?.dataset.twofaState !== 'off') return;
    await send(form, new URL('begin', form.action).href);
    // Nothing has begun: it can be chosen again.
    if (!target.isConnected) return;
    target.value = 'none';
    target.dispatchEvent(new Event('twofa:undone', { bubbles: true }));
  });

  document.addEventListener('submit', (event) => {
    const { target: form, submitter } = event;
    const action = submitter?.getAttribute('formaction') ?? form.getAttribute('action');
    if (OWN_FORMS.includes(form.id) && slotNow()) {
      event.preventDefault();
      send(form, action);
    } else if (form.elements.namedItem('twofa_csrf') && !event.defaultPrevented) {
      if (isAgain(form, action)) return event.preventDefault();
      form.setAttribute('aria-busy', 'true');
      setTimeout(() => form.removeAttribute('aria-busy'), PATIENCE_MS);
    }
  });

  // A page that the browser kept and shows again was not sent yet.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) for (const form of document.forms) sent.delete(form);
  });

  document.addEventListener('click', async ({ target }) => {
    const button = target.closest('[data-twofa-copy], [data-twofa-print]');
    if (!button) return;
    if (button.dataset.twofaCopy === undefined) return window.print();
    await copy(button.dataset.twofaCopy);
    const label = button.textContent;
    button.textContent = button.dataset.twofaDone;
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });

  for (const element of document.querySelectorAll('[data-twofa-countdown]')) {
    const period = Number(element.dataset.twofaPeriod) * 1000;
    const first = performance.now() + Number(element.dataset.twofaCountdown) * 1000;
    setInterval(() => {
      const left = (((first - performance.now()) % period) + period) % period;
      element.lastElementChild.textContent = String(Math.ceil(left / 1000));
    }, 1000);
  }

  return { post };
})();

// A shell without jQuery, which comes after every other script: it saves by its own functions and by the events of the form.
(() => {
  const content = document.getElementById('pageContent');
  const form = document.getElementById('pageForm');
  const isSealed = document.body.dataset.themeName === 'sealed';
  let shown = '';

  async function ask(url, body) {
    const headers = { 'X-Requested-With': 'XMLHttpRequest', Accept: 'text/html, */*; q=0.01' };
    const response = await fetch(url, { method: body ? 'POST' : 'GET', headers, body });
    return response.ok ? response.text() : undefined;
  }

  function show(element, html) {
    element.innerHTML = html;
    for (const script of element.querySelectorAll('script')) {
      const copy = document.createElement('script');
      copy.textContent = script.textContent;
      script.replaceWith(copy);
    }
    for (const field of element.querySelectorAll('input[type=password]')) field.readOnly = true;
  }

  async function take(url, text) {
    if (text === undefined) return;
    const [, header] = text.includes('HEADER_REDIRECT:') ? text.split(':') : [];
    if (header) return navigateTo(header);
    if (text.includes('URL_REDIRECT:')) location.href = text.slice(text.indexOf('URL_REDIRECT:') + 13).trim();
    else {
      shown = url;
      show(content, text);
    }
  }

  async function navigateTo(url) {
    await take(url, await ask(url));
  }

  async function loadMenu() {
    const side = document.getElementById('sidebar');
    if (isSealed) {
      const items = ['tools/user_settings.php', 'mailuser/mail_user_password_edit.php'];
      show(side, items.map((path) => `<a href="#" data-load-content="${path}">${path}</a>`).join('<br>'));
    } else show(side, (await ask('nav.php?nav=side')) ?? '');
  }

  async function capp(module) {
    await take('', await ask(`capp.php?mod=${module}`));
    await loadMenu();
  }

  async function submitPageForm(_name, path) {
    const pairs = [...new FormData(form)].filter(([, value]) => typeof value === 'string');
    await take(path, await ask(path, new URLSearchParams(pairs)));
  }

  document.addEventListener('click', (event) => {
    const control = event.target.closest('[data-load-content], [data-submit-form], [data-capp], .go');
    if (!control) return;
    event.preventDefault();
    const { loadContent, submitForm, formAction, capp: module } = control.dataset;
    if (module) capp(module);
    else if (loadContent) navigateTo(loadContent);
    else window.ISPConfig.submitPageForm(submitForm ?? 'pageForm', formAction ?? shown);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    window.ISPConfig.submitPageForm('pageForm', event.submitter?.getAttribute('formaction') ?? shown);
  });
  document.addEventListener('focusin', ({ target }) => {
    if (target.matches('#passwort, #repeat_password')) target.readOnly = false;
  });

  window.ISPConfig = { submitPageForm, navigateTo };
  navigateTo(content.dataset.startpage);
  loadMenu();
})();

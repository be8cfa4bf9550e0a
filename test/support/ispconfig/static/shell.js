// The shell of the stand-in panel: how fragments come and go, written for tests from what was seen on the wire.
(() => {
  const hooks = { onAfterContentLoad: [] };
  const content = () => document.getElementById('pageContent');
  const form = () => document.getElementById('pageForm');

  /** Puts in HTML as jQuery does: scripts in it run. */
  function show(element, html) {
    element.innerHTML = html;
    for (const script of element.querySelectorAll('script')) {
      const copy = document.createElement('script');
      for (const { name, value } of script.attributes) copy.setAttribute(name, value);
      copy.textContent = script.textContent;
      script.replaceWith(copy);
    }
  }

  function ask(url, { method = 'GET', body, done }) {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    request.setRequestHeader('Accept', 'text/html, */*; q=0.01');
    if (body !== undefined)
      request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded; charset=UTF-8');
    request.onload = () => {
      // Whatever is not a success changes nothing at all.
      if (request.status >= 200 && request.status < 300) done(request.responseText);
    };
    request.send(body);
  }

  function showContent(html, url) {
    show(content(), html);
    for (const input of content().querySelectorAll('input[type=password]')) {
      input.readOnly = true;
      input.addEventListener('click', () => {
        input.readOnly = false;
      });
    }
    window.replaceSelects(content());
    for (const hook of hooks.onAfterContentLoad) hook('onAfterContentLoad', { url, data: html });
  }

  /** The target is what stands between the first and the second colon of the whole body. */
  const headerRedirect = (text) => (text.includes('HEADER_REDIRECT:') ? text.split(':')[1] : undefined);
  const urlRedirect = (text) =>
    text.includes('URL_REDIRECT:') ? text.slice(text.indexOf('URL_REDIRECT:') + 13) : undefined;

  function loadContent(url) {
    ask(url, {
      done: (text) => {
        const header = headerRedirect(text);
        const target = urlRedirect(text);
        if (header !== undefined) loadContent(header);
        else if (target !== undefined) document.location.href = target;
        else showContent(text, url);
      },
    });
  }

  function loadInitContent() {
    const start = content().dataset.startpage;
    ask(start, {
      done: (text) => {
        const header = headerRedirect(text);
        if (header !== undefined) loadContent(header);
        else showContent(text, 'dashboard/dashboard.php');
      },
    });
    loadNavigation();
    ask('keepalive.php', { done: () => {} });
    setInterval(() => ask('keepalive.php', { done: () => {} }), standInSettings.keepAlive);
    pollDataLog();
  }

  function loadNavigation() {
    ask('nav.php?nav=side', { done: (text) => show(document.getElementById('sidebar'), text) });
    ask('nav.php?nav=top', { done: (text) => show(document.getElementById('topnav-container'), text) });
  }

  function pollDataLog() {
    ask('datalogstatus.php', {
      done: (text) => {
        try {
          JSON.parse(text);
        } catch {
          return;
        }
        setTimeout(pollDataLog, standInSettings.dataLog);
      },
    });
  }

  function capp(module) {
    ask(`capp.php?mod=${module}`, {
      done: (text) => {
        const header = headerRedirect(text);
        const target = urlRedirect(text);
        if (header !== undefined) {
          loadContent(header);
          loadNavigation();
        } else if (target !== undefined) document.location.href = target;
      },
    });
  }

  /** Everything with a name whose form is the shell's goes out, wherever it comes from. */
  function submitForm(_formName, action) {
    const pairs = [...new FormData(form())].filter(([, value]) => typeof value === 'string');
    ask(action, {
      method: 'POST',
      body: new URLSearchParams(pairs).toString(),
      done: (text) => {
        const header = headerRedirect(text);
        if (header !== undefined) loadContent(header);
        else if (text.includes('LOGIN_REDIRECT:')) document.location.href = './index.php';
        else showContent(text, action);
      },
    });
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-load-content], [data-submit-form], [data-capp]');
    if (!link) return;
    event.preventDefault();
    const { loadContent: path, submitForm: name, formAction, capp: module } = link.dataset;
    if (module !== undefined) capp(module);
    else if (name !== undefined) window.ISPConfig.submitForm(name, formAction);
    else loadContent(path);
  });
  document.addEventListener('keypress', (event) => {
    if (event.key !== 'Enter' || !event.target.matches('input, select, button')) return;
    event.preventDefault();
    for (const button of document.querySelectorAll('.tab-content button.formbutton-success')) button.click();
  });

  window.ISPConfig = {
    registerHook: (name, hook) => hooks[name]?.push(hook),
    changeTab: (tab, path) => {
      document.pageForm.next_tab.value = tab;
      window.ISPConfig.submitForm('pageForm', path);
      return false;
    },
    loadContent,
    submitForm,
    capp,
  };
  loadInitContent();
})();

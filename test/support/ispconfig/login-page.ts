import type { PanelSettings } from './visit.js';

/** A document outside the shell, in the box of the login. */
export function boxPage(title: string, inside: string): string {
  const sheets = ['bootstrap.min.css', 'ispconfig.css?ver=3.2', 'themes/default/theme.min.css', 'login.css'];
  return `<!DOCTYPE html>
<html lang='en'>
<head>
  <meta charset='utf-8' />
  <title>${title}</title>
  <meta name='viewport' content='width=device-width, user-scalable=yes'>
${sheets.map((sheet) => `  <link rel='stylesheet' href='../themes/default/assets/stylesheets/${sheet}' />`).join('\n')}
</head>
<body>
<div class="container"><div class="row"><div class="col-md-4 col-md-offset-4">
<div class="panel panel-default">
<div class="panel-heading"><h3>Stand-in panel</h3></div>
<div class="panel-body">${inside}</div>
</div></div></div></div>
</body>
</html>
`;
}

/** The mark of every refusal. */
export function errorBox(text: string): string {
  return `<div class="alert alert-danger" role="alert"><div class="box box_error">${text}</div></div>`;
}

/** The login form; `error` is the text of a refusal, as HTML. */
export function loginPage(settings: Readonly<PanelSettings>, error?: string): string {
  const german = settings.language === 'de';
  const stay =
    settings.sessionTimeout > 0 && settings.allowEndless
      ? '<div class="checkbox"><label><input type="checkbox" name="stay" value="1"> Stay logged in</label></div>'
      : '';
  return boxPage(
    'Stand-in panel',
    `${error === undefined ? '' : errorBox(error)}
<form accept-charset="UTF-8" role="form" method="post" action="index.php"><fieldset>
<div class="form-group"><input class="form-control" placeholder="${german ? 'Benutzername' : 'Username'}" name="username" type="text" id="username" autofocus></div>
<div class="form-group"><input class="form-control" placeholder="${german ? 'Passwort' : 'Password'}" name="password" type="password" id="password"></div>
${stay}<input type="hidden" name="s_mod" value="login"><input type="hidden" name="s_pg" value="index">
<div class="right"><input class="btn btn-default formbutton-default" type="submit" value="${german ? 'Anmelden' : 'Login'}">
<a class="btn btn-default formbutton-default" href="password_reset.php">${german ? 'Passwort vergessen' : 'Password lost'}</a></div>
</fieldset></form>`,
  );
}

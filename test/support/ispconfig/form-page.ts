import { escapeHtml } from './answer.js';
import { newToken, tokenFields } from './csrf.js';
import { isNative, nativeButtons, nativeLine, themeOf } from './themes.js';
import type { Visit } from './visit.js';

export interface FormPage {
  /** The name of the form, with which its token's id begins. */
  readonly form: string;
  readonly title: string;
  /** Where it is saved, without a leading slash. */
  readonly path: string;
  /** Where Cancel leads. */
  readonly back: string;
  /** The labels of its tabs, by their names. */
  readonly tabs: Readonly<Record<string, string>>;
  /** The name of the one that is shown. */
  readonly tab: string;
  readonly fields: readonly string[];
  /** The value of the hidden `id`. */
  readonly id: string;
  readonly error?: string | undefined;
}

/** A fragment as the panel's forms are: no form element of its own, the shell's surrounds it. */
export function formPage(visit: Visit, page: FormPage): string {
  const { form, title, path, back, tabs, tab, fields, id, error } = page;
  const theme = themeOf(visit);
  const items = Object.entries(tabs).map(([name, label]) => {
    const active = name === tab ? " class='active'" : '';
    return `<li${active}><a href='#' onclick="return ISPConfig.changeTab('${name}','${path}')">${label}</a></li>`;
  });
  return `<div class='page-header'><h1>${title}</h1></div>
${error === undefined ? '' : `<div class='alert alert-danger clear'>${escapeHtml(error)}</div>`}
<div class='content-tab-wrapper'><ul class='nav nav-tabs'>
${items.join('\n')}</ul>
<div id="tabbox_content" class="tab-content"><div class='tab-pane active fade in'>
${isNative(theme) ? fields.map(nativeLine).join('\n') : fields.join('\n')}
<input type="hidden" name="id" value="${escapeHtml(id)}">
${isNative(theme) ? nativeButtons(theme, visit.settings.saveControl, path, back) : buttons(path, back)}
</div></div>
${tokenFields(newToken(visit, form))}
<input type="hidden" name="next_tab" value=""><input type="hidden" name="phpsessid" value="${escapeHtml(visit.session.id)}">
</div>`;
}

function buttons(path: string, back: string): string {
  return `<div class="clear">
  <div class="right">
<button class="btn btn-default formbutton-success" type="button" value="Save" data-submit-form="pageForm" data-form-action="${path}">Save</button>
<button class="btn btn-default formbutton-default" type="button" value="Cancel" data-load-content="${back}">Cancel</button>
  </div>
</div>`;
}

/** A line of a form. */
export function field(name: string, label: string, control: string): string {
  return `<div class="form-group"><label for="${name}" class="col-sm-3 control-label">${label}</label>
  <div class="col-sm-9">${control}</div>
</div>`;
}

export function textField(name: string, label: string, value: string): string {
  const control = `<input type="text" name="${name}" id="${name}" value="${escapeHtml(value)}" class="form-control" />`;
  return field(name, label, control);
}

/** Two lines: the new password and its repetition. */
export function passwordFields(name: string): string[] {
  const input = (id: string) =>
    `<input type="password" name="${id}" id="${id}" value="" class="form-control" autocomplete="off" />`;
  const generate =
    '<span class="input-group-btn"><button class="btn btn-default" type="button">Generate Password</button></span>';
  return [
    field(name, 'Password', `<div class="input-group">${input(name)}${generate}</div>`),
    field('repeat_password', 'Repeat Password', input('repeat_password')),
  ];
}

export function selectField(name: string, label: string, value: string, options: readonly string[]): string {
  return field(name, label, selectOf(name, value, options));
}

/** The select alone, with more attributes. */
export function selectOf(name: string, value: string, options: readonly string[], more = ''): string {
  const lines = options.map(
    (option) => `<option value='${option}'${option === value ? ' SELECTED' : ''}>${option}</option>`,
  );
  return `<select name="${name}" id="${name}" class="form-control"${more}>${lines.join('\n')}</select>`;
}

/** Boxes or radios of one name. */
export function choiceField(
  kind: 'checkbox' | 'radio',
  name: string,
  label: string,
  chosen: readonly string[],
  options: readonly string[],
): string {
  const lines = options.map((option, index) => {
    const checked = chosen.includes(option) ? ' CHECKED' : '';
    const input = `<input name="${name}" id="${name.replace('[]', String(index))}" value="${option}" type="${kind}"${checked} />`;
    return `<label class="inlineLabel">${input}${options.length > 1 ? ` ${option}` : ''}</label>`;
  });
  return field(name.replace('[]', '0'), label, lines.join('\n'));
}

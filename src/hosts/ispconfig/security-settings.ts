import { readRegularFile } from '../../input/regular-file.js';

/** Where every ISPConfig has them. */
export const SECURITY_SETTINGS = '/usr/local/ispconfig/security/security_settings.ini';

/** Does the panel give a new id to the session of who logs in? Rejects when the file cannot be read. */
export async function renewsSessionId(file: string): Promise<boolean> {
  return (
    settingsIn(readRegularFile(file).toString('utf8')).get('permissions/session_regenerate_id') === 'yes'
  );
}

/** By `section/name`, as the panel's own reader takes them: a blank before `=` is no setting, the last of two counts. */
function settingsIn(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n').map((part) => part.trim())) {
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, key, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name) section = name.toLowerCase();
    else if (key && section) settings.set(`${section}/${key}`, value.trim());
  }
  return settings;
}

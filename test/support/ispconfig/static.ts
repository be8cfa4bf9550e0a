import { readFileSync } from 'node:fs';
import { inProject } from '../project.js';
import type { Answer } from './answer.js';

const types: Readonly<Record<string, string>> = {
  css: 'text/css',
  htm: 'text/html',
  js: 'application/javascript',
  lng: 'application/octet-stream',
  svg: 'image/svg+xml',
};

const assets = '/themes/default/assets';
const sheets = `${assets}/stylesheets`;

/** Paths of static files and where their text is; all are public, those below modules too. */
const files: Readonly<Record<string, () => string | Buffer>> = {
  [`${sheets}/bootstrap.min.css`]: () => '/* Stand-in. */\n'.padEnd(20_000, '.x{margin:0}\n'),
  [`${sheets}/ispconfig.css`]: () => own('panel.css'),
  [`${sheets}/themes/default/theme.min.css`]: () => '/* Stand-in. */\n',
  [`${sheets}/login.css`]: () => 'body{padding-top:100px}\n',
  '/js/jquery.min.js': () => own('events.js'),
  '/js/select2/select2.min.js': () => own('selects.js'),
  [`${assets}/javascripts/ispconfig.js`]: () => own('shell.js'),
  '/themes/dark/assets/dark.css': () => own('dark.css'),
  '/themes/native/assets/native.css': () => own('native.css'),
  '/themes/native/assets/native.js': () => own('native.js'),
  '/themes/native/assets/save.svg': () => '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>',
  [`${assets}/favicon/favicon.svg`]: () => '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '/admin/templates/users_list.htm': () => '<!-- a template -->\n',
  '/mail/lib/lang/en_mail_user.lng': () => '<?php\n',
};

/** The paths of {@link files}. */
export const staticPaths: readonly string[] = Object.keys(files);

/** A static file, as the web server sends it; undefined without one. */
export function staticFile(path: string): Answer | undefined {
  const body = files[path]?.();
  if (body === undefined) return undefined;
  const type = types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  return { status: 200, body, headers: { 'content-type': type } };
}

function own(name: string): Buffer {
  return readFileSync(inProject('test/support/ispconfig/static', name));
}

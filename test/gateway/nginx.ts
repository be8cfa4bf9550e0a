import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProcess, TestProcess } from '../support/process.js';
import { inProject } from '../support/project.js';

/** The shipped template as ISPConfig's installer fills it in, with paths of this machine. */
export function filledTemplate(values: Readonly<Record<string, string>>): string {
  let text = readFileSync(inProject('deploy/nginx/nginx_ispconfig.vhost.master'), 'utf8');
  for (const [from, to] of Object.entries(values)) {
    if (!text.includes(from)) throw new Error(`${from} does not stand in the template`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** Runs Debian's nginx with these servers, all its files in a folder of the test. */
export async function startNginx(folder: string, servers: string): Promise<TestProcess> {
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, `temp-${name}`)};`,
  );
  const file = join(folder, 'nginx.conf');
  const main = `daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr;`;
  const http = `types { text/css css; } default_type text/plain; access_log off; ${temps.join(' ')}\n${servers}`;
  writeFileSync(file, `${main}\nevents { worker_connections 256; }\nhttp {\n${http}\n}\n`);
  const { code, output } = await runProcess('nginx', ['-p', folder, '-e', 'stderr', '-c', file, '-t']);
  if (code !== 0) throw new Error(output);
  const nginx = new TestProcess('nginx', ['-p', folder, '-e', 'stderr', '-c', file]);
  await sleep(300);
  return nginx;
}

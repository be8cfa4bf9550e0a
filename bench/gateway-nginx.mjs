import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startUpstream } from '../.build/test/gateway/upstream.js';
import { freePort } from '../.build/test/support/free-port.js';

/** nginx as the panel's web server, the same with proxy_pass before it, and node behind it for large bodies. */
export async function startNginx(folder) {
  chmodSync(folder, 0o755);
  const web = join(folder, 'web');
  mkdirSync(join(web, 'static'), { recursive: true });
  writeFileSync(join(web, 'static/20k.css'), 'a'.repeat(20_000));
  const page = (bytes) => `<!doctype html><body>${'<p>text of a page</p>'.repeat(bytes / 21)}</body>`;
  writeFileSync(join(web, 'login'), page(6_000));
  writeFileSync(join(web, 'cleared'), page(9_600));
  writeFileSync(join(web, 'edited-page'), page(9_600));
  const [direct, proxied, panel] = [await freePort(), await freePort(), await startUpstream()];
  const temps = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const node = `{ proxy_pass http://127.0.0.1:${panel.port}; proxy_http_version 1.1; proxy_buffering off; proxy_request_buffering off; client_max_body_size 0; }`;
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr;
    events { worker_connections 512; }
    http {
      ${temps.map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ')}
      access_log off; sendfile on; keepalive_requests 1000000; types { text/css css; } default_type text/html;
      upstream panel { server 127.0.0.1:${direct}; keepalive 32; keepalive_requests 1000000; }
      server {
        listen 127.0.0.1:${direct}; root ${web};
        location /download ${node}
        location /upload ${node}
      }
      server {
        listen 127.0.0.1:${proxied};
        location / { proxy_pass http://panel; proxy_http_version 1.1; proxy_set_header Connection ""; }
      }
    }`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', config], { stdio: 'inherit' });
  await sleep(500);
  return {
    direct: `http://127.0.0.1:${direct}`,
    proxied: `http://127.0.0.1:${proxied}`,
    stop: () => {
      nginx.kill();
      void panel.close();
    },
  };
}

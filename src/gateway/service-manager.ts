import { execFile } from 'node:child_process';
import type { Logger } from 'pino';

/**
 * Tells systemd that the service is there, if it was started by one that waits for it (`Type=notify`, sd_notify(3)). By
 * systemd's own command, since Node cannot send datagrams to unix sockets; the unit therefore needs `NotifyAccess=all`.
 */
export function tellReady(log: Logger): void {
  if (!process.env.NOTIFY_SOCKET) return;
  execFile('systemd-notify', ['--ready'], (error) => {
    if (error) log.warn({ err: error }, 'systemd was not told that the gateway listens');
  });
}

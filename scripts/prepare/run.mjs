import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { at } from './project.mjs';

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs a program to its end without input. It gets a process group of its own, so that what it started (a
 * compiler, an npm script) ends with it when this process is told to stop or the time is up.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, show?: boolean, timeout?: number }} [options]
 *   `show`: its output goes to the reader; otherwise it is kept. `timeout`: milliseconds.
 * @returns {Promise<{ ok: boolean, output: string }>} never rejects; a program not found is `ok: false`
 */
export function run(command, args, { cwd = at(), env = {}, show = false, timeout } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      detached: true,
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });

    /** @type {NodeJS.Signals | undefined} */
    let stoppedBy;
    /** @param {NodeJS.Signals} signal */
    const stop = (signal) => {
      stoppedBy = signal;
      killGroup(child.pid);
    };
    const timer = timeout && setTimeout(() => killGroup(child.pid), timeout);
    for (const signal of signals) process.on(signal, stop);

    /** @param {boolean} ok */
    const settle = (ok) => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, stop);
      if (stoppedBy) process.exit(128 + constants.signals[stoppedBy]);
      resolve({ ok, output: output.trim() });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      if (child.pid === undefined) settle(false);
    });
    child.on('close', (code) => settle(code === 0));
  });
}

/** @param {number | undefined} pid */
function killGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // The group has just ended by itself.
  }
}

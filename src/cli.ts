#!/usr/bin/env node
import { runCommand } from './commands.js';
import { CommandDone } from './input/command-line.js';

/** A part of the installation is missing, or was compiled for another Node. */
const NOT_LOADED = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'];

try {
  const args = process.argv.slice(2);
  await runCommand(args.length === 0 ? ['--help'] : args);
} catch (error) {
  if (error instanceof CommandDone) process.exit(error.exitCode);
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [reason] = message.split('\n', 1);
  console.error(
    NOT_LOADED.includes(code) || /bindings file/.test(message)
      ? `A part of panel-2fa cannot be loaded (${reason}). Install it again with this Node, ${process.version}: npm ci`
      : message,
  );
  process.exit(1);
}

#!/usr/bin/env node
import { DEMO_HELP, demoCommand } from './demo/command.js';

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = { demo: demoCommand };

const [name = '--help', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command || args.includes('--help')) {
  const known = command || name === '--help';
  if (!known) process.exitCode = 1;
  (known ? console.log : console.error)(known ? DEMO_HELP : `Unknown command ${name}.\n\n${DEMO_HELP}`);
} else {
  try {
    await command(args);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

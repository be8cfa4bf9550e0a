import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../src/commands.js';
import { runProcess } from '../support/process.js';
import { inProject } from '../support/project.js';

const cli = (...args: string[]) => runProcess(process.execPath, [inProject('dist/cli.js'), ...args]);

test('without arguments the commands are shown in groups', async () => {
  const all = await cli();
  assert.equal(all.code, 0);
  assert.match(all.output, /^Usage: panel-2fa .*Run:\n.*See how it is:\n.*Help people:\n.*Keep the data:\n/s);
  assert.match(all.output, /Exit codes: 0 done; 1 not done/);
  for (const name of Object.keys(COMMANDS)) assert.match(all.output, new RegExp(`^ {2}${name} +\\S`, 'm'));
});

test('each command has a help with an example of its own', async () => {
  for (const [name, { load }] of Object.entries(COMMANDS)) {
    const command = await load();
    for (const one of [command, ...command.commands]) {
      const typed = one === command ? name : `${name} ${one.name()}`;
      let help = '';
      one.configureOutput({ writeOut: (text) => (help += text) });
      one.outputHelp();
      assert.match(help, new RegExp(`\\nExample:\\n {2}panel-2fa ${typed}\\b`), typed);
      assert.match(help, /--help/);
    }
  }
});

test('--version is the version of the package', async () => {
  const { code, output } = await cli('--version');
  assert.equal(code, 0);
  assert.match(output, /^\d+\.\d+\.\d+\n$/);
});

test('wrong arguments end with one line and code 1', async () => {
  for (const [args, line] of [
    [['nope'], /^Unknown command 'nope'\n$/],
    [['statu'], /^Unknown command 'statu' \(Did you mean status\?\)\n$/],
    [['keys', 'turn'], /^Unknown command 'turn'\n$/],
    [
      ['list', '--realm', 'both'],
      /^Option '--realm REALM' argument 'both' is invalid\. Allowed choices are user, mailuser\.\n$/,
    ],
    [['list', '--with', '--without'], /^Option '--without' cannot be used with option '--with'\n$/],
    [['list', 'x'], /^Too many arguments for 'list'\. Expected 0 arguments but got 1\.\n$/],
    [['show', '--config'], /^Option '--config FILE' argument missing\n$/],
    [['disable', 'x'], /^\/etc\/panel-2fa\/gateway\.json cannot be read: ENOENT\n$/],
    [['status', '--config', '/none.json'], /^\/none\.json cannot be read: ENOENT\n$/],
    [['config', 'check', '--config', '/etc'], /^\/etc is not a regular file\n$/],
  ] as const) {
    const { code, output } = await cli(...args);
    assert.match(output, line, args.join(' '));
    assert.equal(code, 1, args.join(' '));
  }
});

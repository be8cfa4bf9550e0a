import type { Command } from 'commander';
import { checkConfiguration } from '../../gateway/command.js';
import { PANELS } from '../../gateway/panels.js';
import { command, configCommand } from '../../input/command-line.js';

/** `config check`: is a configuration right? */
export function configurationCommand(): Command {
  const summary = `Judges the configuration and the files it names, as the start does: all wrong and unknown keys at once. Starts
nothing.`;
  const check = configCommand('check', summary, 'panel-2fa config check --config /tmp/new.json').action(
    ({ config }: { readonly config: string }) => checkConfiguration(config, PANELS),
  );
  return command('config', 'The configuration of the gateway.', 'panel-2fa config check').addCommand(check);
}

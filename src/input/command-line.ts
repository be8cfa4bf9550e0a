import { Command, type CommanderError } from 'commander';

/** Where the package and the guides put the configuration of the gateway. */
export const DEFAULT_CONFIG = '/etc/panel-2fa/gateway.json';

/** A command of `panel-2fa`, with an example that follows its help. Single line breaks in the summary are blanks. */
export function command(name: string, summary: string, example: string): Command {
  return new Command(name)
    .description(summary.replace(/(?<!\n)\n(?!\n)/g, ' '))
    .configureHelp({ optionTerm: ({ flags }) => bare(flags) })
    .addHelpText('after', exampleText(example));
}

/** A {@link command} for the installation of a gateway: it has the option `config`. */
export function configCommand(name: string, summary: string, example: string): Command {
  return command(name, summary, example).option(
    '--config <FILE>',
    'the configuration of the gateway',
    DEFAULT_CONFIG,
  );
}

/** Makes a command and all below it throw what is wrong with its arguments, as an Error of one line. */
export function throwErrors(one: Command): Command {
  one.exitOverride(({ code, exitCode, message }: CommanderError) => {
    if (exitCode === 0) throw new CommandDone();
    if (code === 'commander.help') throw new CommandDone(1);
    throw new Error(lineOf(message));
  });
  one.configureOutput({ outputError: () => undefined });
  for (const sub of one.commands) throwErrors(sub as Command);
  return one;
}

/** Help or version was shown, and nothing else is to be done. */
export class CommandDone extends Error {
  constructor(readonly exitCode = 0) {
    super('done');
  }
}

/** One JSON document to standard output; of many rows one for each line. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value));
}

function exampleText(example: string): string {
  return `\nExample:\n${example.replace(/^/gm, '  ')}`;
}

/** `error: unknown option '--x'\n(Did you mean --y?)` as one sentence. */
function lineOf(message: string): string {
  const [text = '', ...more] = bare(message.replace(/^error: /, '')).split('\n');
  return [text.charAt(0).toUpperCase() + text.slice(1), ...more].join(' ');
}

/** The library writes what follows an option as `<FILE>`. */
function bare(text: string): string {
  return text.replace(/<([A-Z0-9|:]+)>/g, '$1');
}

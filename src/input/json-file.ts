import { type JSONPath, type ParseError, parse, printParseErrorCode, visit } from 'jsonc-parser';
import { readRegularFile } from './regular-file.js';

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON value: texts stand in double quotation marks',
  InvalidNumberFormat: 'this is not a number',
  PropertyNameExpected: 'a key in double quotation marks is missing here',
  ValueExpected: 'a value is missing here',
  ColonExpected: 'a colon is missing here',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'a closing } is missing here',
  CloseBracketExpected: 'a closing ] is missing here',
  EndOfFileExpected: 'the JSON ends before this',
  UnexpectedEndOfComment: 'a comment does not end',
  UnexpectedEndOfString: 'a text does not end: its second quotation mark is missing',
  InvalidUnicode: 'a \\u needs four hexadecimal digits',
  InvalidEscapeCharacter: 'a backslash may not stand before this; write two for one',
  InvalidCharacter: 'a line break or another control character may not stand in a text',
};

/** A file that operators write and that cannot be read; the message is one line, names file and place, and repeats no value. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/**
 * Reads a file of JSON with comments and trailing commas (JSONC), in UTF-8 with or without a byte order mark.
 * Throws a {@link FileError} with line and column, also for a key that stands twice.
 */
export function readJsonFile(file: string): unknown {
  const text = textOf(file);
  const fault = (offset: number, what: string) => new FileError(`${file}:${placeOf(text, offset)}: ${what}`);
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors.sort((one, other) => one.offset - other.offset);
  if (first) {
    throw fault(first.offset, WORDS[printParseErrorCode(first.error)] ?? 'this is no JSON');
  }
  const keys = new Set<string>();
  visit(text, {
    onObjectProperty(key, offset, _length, _line, _column, path: () => JSONPath) {
      const whole = JSON.stringify([...path(), key]);
      if (keys.has(whole)) throw fault(offset, `the key ${JSON.stringify(key)} stands twice`);
      keys.add(whole);
    },
  });
  return value;
}

function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(file);
  } catch (error) {
    throw new FileError((error as Error).message);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileError(`${file} is not UTF-8: save it with this encoding`);
  }
}

/** Line and column, both from 1. */
function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

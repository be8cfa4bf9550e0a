/** One import of a source file. */
export interface Import {
  /** As written: `../core/totp.js`, `node:crypto`. */
  readonly from: string;
  /** Is it gone when the code runs? */
  readonly typeOnly: boolean;
}

const statement =
  /(?:^|[;}\n])\s*(?:import|export)\s+(?<type>type\s+)?(?:[\w*$\s{},]*?\s*from\s*)?(['"])(?<static>[^'"\n]+)\2/g;
const call = /\b(?:import|require)\s*\(\s*(['"`])(?<dynamic>[^'"`\n]+)\1/g;
const comment = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** Every import of a TypeScript text: `import`, `export … from`, `import()`, `require()`; comments are not read. */
export function importsOf(text: string): Import[] {
  const code = text.replace(comment, '');
  const statements = [...code.matchAll(statement)].map(({ groups = {} }) => ({
    from: groups.static ?? '',
    typeOnly: groups.type !== undefined,
  }));
  const calls = [...code.matchAll(call)].map(({ groups = {} }) => ({
    from: groups.dynamic ?? '',
    typeOnly: false,
  }));
  return [...statements, ...calls];
}

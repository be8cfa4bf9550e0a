const hex = (char: string) => `%${char.charCodeAt(0).toString(16)}`;

/** Other spellings under which some web server finds the same file, and tricks that end in it. */
export function aliasesOf(path: string): string[] {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? [];
  const last = path.lastIndexOf('/') + 1;
  const spellings = [
    `/${path}`,
    path.replace(/\/(?=[^/]*$)/, '//'),
    `/.${path}`,
    `/x/..${path}`,
    `/%2e${path}`,
    `/x/%2e%2e${path}`,
    `${path.slice(0, last)}./${path.slice(last)}`,
    `${path}%00`,
    `${path}%20`,
    `/\\${path.slice(1)}`,
    `http://127.0.0.1${path}`,
    `${path};x=1`,
    ...(first === ''
      ? []
      : [
          `/${hex(first.charAt(0))}${first.slice(1)}${rest}`,
          `/%25${hex(first.charAt(0)).slice(1)}${first.slice(1)}${rest}`,
        ]),
    ...(path.endsWith('.php')
      ? [`${path}/x`, `${path}/x.css`, `${path.slice(0, -3)}PHP`, `${path.slice(0, -4)}%2ephp`, `${path}/`]
      : []),
  ];
  return [...new Set(spellings)].filter((spelling) => spelling !== path);
}

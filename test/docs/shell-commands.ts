const operator = /^(?:\|\||&&|[|;&()]|\d*>>?|<)/;

/** The arguments of each `vision-batch` command of a shell script. */
export function ownCommands(script: string): readonly (readonly string[])[] {
  return simpleCommands(script).flatMap((words) => {
    const start = words.findIndex((word) => !/^\w+=/.test(word));
    const [first, second] = words.slice(start);
    if (first === "vision-batch") return [words.slice(start + 1)];
    if (first === "npx" && second === "vision-batch") return [words.slice(start + 2)];
    return [];
  });
}

/** The words of each command; a redirection takes the file it goes to with it. */
function simpleCommands(script: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let rest = script.replaceAll("\\\n", " ");
  let redirected = false;
  while (rest !== "") {
    const [skipped = ""] = /^(?:[ \t]|(?<![^\s])#[^\n]*)+/.exec(rest) ?? [];
    rest = rest.slice(skipped.length);
    const [sign] = operator.exec(rest) ?? [];
    if (rest.startsWith("\n") || sign !== undefined) {
      redirected = /[<>]/.test(sign ?? "");
      if (!redirected) commands.push([]);
      rest = rest.slice(sign?.length ?? 1);
      continue;
    }
    const [word = ""] = /^(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\|;&()<>])+/.exec(rest) ?? [];
    if (word === "") {
      if (rest !== "") throw new Error(`not understood: ${rest}`);
      break;
    }
    if (!redirected) commands.at(-1)!.push(unquoted(word));
    redirected = false;
    rest = rest.slice(word.length);
  }
  return commands.filter((words) => words.length > 0);
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_, single, double, escaped) =>
    String(single ?? (double as string | undefined)?.replaceAll(/\\(.)/g, "$1") ?? escaped),
  );
}

import { expect } from "chai";
import { anchorsOf, parseMarkdown } from "./markdown.ts";

const text = `# The title

See [one](one.md#part) and ![a picture](<two.png> "two"), not \`[three](three.md)\`.

[four]: https://example.com/four

## Runs: \`start\`, and more

\`\`\`sh
# no heading
echo "[five](five.md)"
\`\`\`

- a list
  \`\`\`ts
  if (true) {
    print();
  }
  \`\`\`
`;

describe("parseMarkdown", () => {
  it("finds blocks of code below their headings, without their indent", () => {
    expect(parseMarkdown(text).blocks).to.deep.equal([
      {
        heading: "Runs: `start`, and more",
        language: "sh",
        code: '# no heading\necho "[five](five.md)"\n',
        line: 9,
      },
      {
        heading: "Runs: `start`, and more",
        language: "ts",
        code: "if (true) {\n  print();\n}\n",
        line: 15,
      },
    ]);
  });

  it("finds links and pictures, and none in code", () => {
    const { links } = parseMarkdown(text);
    expect(links.map(({ target }) => target)).to.deep.equal([
      "one.md#part",
      "two.png",
      "https://example.com/four",
    ]);
  });

  it("refuses a block without an end", () => {
    expect(() => parseMarkdown("```ts\nconst a = 1;\n")).to.throw("line 1");
  });
});

describe("anchorsOf", () => {
  it("makes anchors as GitHub does", () => {
    const headings = [
      "Runs: `start`, and more",
      "What it costs",
      "What it costs",
      "A [link](x.md)",
    ];
    expect([...anchorsOf(headings)]).to.deep.equal([
      "runs-start-and-more",
      "what-it-costs",
      "what-it-costs-1",
      "a-link",
    ]);
  });
});

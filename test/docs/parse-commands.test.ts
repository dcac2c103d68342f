import { expect } from "chai";
import { faultsOfCommands } from "./parse-commands.ts";
import { ownCommands } from "./shell-commands.ts";

describe("ownCommands", () => {
  it("finds commands among others, with their words as a shell makes them", () => {
    const script = `
# npx vision-batch in a comment
cat list.txt | npx vision-batch annotate - -o 'gs://b/a b/' \\
  --features "TEXT_DETECTION" > out.ndjson 2> err.txt  # and so on
PGPASSWORD=x vision-batch runs show scans --input gs://b/it\\'s.png && echo vision-batch
`;
    expect(ownCommands(script)).to.deep.equal([
      ["annotate", "-", "-o", "gs://b/a b/", "--features", "TEXT_DETECTION"],
      ["runs", "show", "scans", "--input", "gs://b/it's.png"],
    ]);
  });
});

describe("faultsOfCommands", () => {
  it("takes what the program takes", async () => {
    const script = "npx vision-batch results gs://b/ --format csv | head -n 1\nvision-batch --help";
    expect(await faultsOfCommands(script)).to.deep.equal([]);
  });

  it("tells of commands and flags that are not there, and of what is lacking", async () => {
    const faults = await faultsOfCommands(
      "vision-batch result gs://b/; vision-batch status --json x; vision-batch status",
    );
    expect(faults).to.have.length(3);
    expect(faults[0]).to.contain("unknown command 'result'");
    expect(faults[1]).to.contain("unknown option '--json'");
    expect(faults[2]).to.contain("missing required argument");
  });
});

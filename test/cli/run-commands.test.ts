import { expect } from "chai";
import { defaultJournal, runsCommand } from "../../src/cli/run-commands.ts";

describe("runsCommand", () => {
  it("repeats how the service and the journal are reached, unless it is the usual way", () => {
    const usual = { journal: defaultJournal, transport: "grpc" } as const;
    expect(runsCommand(["resume", "a"], usual)).to.equal("vision-batch runs resume a");
    const flags = { journal: "sqlite:j.db", transport: "rest", keyFile: "k.json" } as const;
    expect(runsCommand(["show", "a"], flags, ["--out", "-"])).to.equal(
      "vision-batch runs show a --journal sqlite:j.db --transport rest --key-file k.json --out -",
    );
  });

  it("tells no password", () => {
    for (const [journal, shown] of [
      ["postgres://me:se/c@ret@host:5432/runs", "postgres://me@host:5432/runs"],
      ["postgresql://:secret@host/runs?schema=a", "'postgresql://@host/runs?schema=a'"],
      ["postgres://host/runs?password=secret", "postgres://host/runs"],
      ["postgres://host/runs?password=secret&schema=a", "'postgres://host/runs?schema=a'"],
      ["postgres://host:5432/runs", "postgres://host:5432/runs"],
    ] as const) {
      const command = runsCommand(["show", "a"], { journal });
      expect(command).to.equal(`vision-batch runs show a --journal ${shown}`);
    }
  });

  it("quotes what a shell would take apart", () => {
    const command = runsCommand(["resume", "a"], { journal: "sqlite:it's here.db" });
    expect(command).to.equal("vision-batch runs resume a --journal 'sqlite:it'\\''s here.db'");
  });
});

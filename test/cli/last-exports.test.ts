import { expect } from "chai";
import { runCli } from "./spawn-cli.ts";

/** As a set-up of OpenTelemetry does that exports what is left when nothing else is to be done. */
const exportLate = `process.once("beforeExit",()=>setTimeout(()=>process.stderr.write("exported"),700))`;

describe("vision-batch and telemetry that is exported at its end", function () {
  this.timeout(10_000);

  it("waits for it", async () => {
    const setUp = `data:text/javascript,${encodeURIComponent(exportLate)}`;
    const options = `${process.env["NODE_OPTIONS"] ?? ""} --import=${setUp}`;
    const { code, stderr } = await runCli(["--version"], { env: { NODE_OPTIONS: options } });
    expect(code).to.equal(0);
    expect(stderr).to.equal("exported");
  });
});

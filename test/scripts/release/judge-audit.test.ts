import { expect } from "chai";
import { judgeAudit } from "../../../scripts/release/judge-audit.ts";

const url = "https://advisories.example/1";
const report = {
  vulnerabilities: {
    inner: { via: [{ url, title: "Hangs on long input" }] },
    outer: { via: ["inner"] },
  },
};
const accepted = { url, reason: "no input reaches it", until: "2026-12-31" };

describe("judgeAudit", () => {
  it("tells each advisory once", () => {
    const problem = `inner: Hangs on long input (${url})`;
    expect(judgeAudit(report, [], "2026-12-01")).to.deep.equal([problem]);
  });

  it("lets pass what is argued for, until the day that is named", () => {
    expect(judgeAudit(report, [accepted], "2026-12-31")).to.deep.equal([]);
    expect(judgeAudit(report, [accepted], "2027-01-01")).to.have.length(1);
  });

  it("tells of arguments that nothing needs", () => {
    const problems = judgeAudit({ vulnerabilities: {} }, [accepted], "2026-12-01");
    expect(problems).to.deep.equal([`no longer needs to be accepted: ${url}`]);
  });
});

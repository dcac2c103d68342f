import { expect } from "chai";
import { noCredentials } from "../../src/transport/grpc-failure.ts";

describe("noCredentials", () => {
  const answered = (status?: number) =>
    Object.assign(new Error("no token"), { config: {}, ...(status && { status }) });

  for (const status of [undefined, 429, 500, 503]) {
    it(`may pass where the token server answered ${status ?? "nothing"}`, () => {
      expect(noCredentials(answered(status))).to.include({ code: "UNAVAILABLE" });
    });
  }

  for (const cause of [answered(400), answered(401), new Error("no key"), "nothing", undefined]) {
    it(`does not pass by itself: ${String(cause)}`, () => {
      expect(noCredentials(cause)).to.include({ code: "UNAUTHENTICATED", cause });
    });
  }
});

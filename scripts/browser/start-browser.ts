import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Where Debian and others put Chromium; `CHROMIUM` names another. */
const paths = [process.env["CHROMIUM"] ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** Starts a headless Chromium with an empty profile, which asks nobody for anything. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = paths.find((path) => path !== "" && existsSync(path));
  if (executablePath === undefined) throw new Error("there is no Chromium: npm run setup:browser");
  return chromium.launch({
    executablePath,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CodegenError } from "./codegen-error.ts";
import { root } from "./config.ts";
import { splitServices } from "./split-services.ts";

/** Runs buf over a folder of .proto files and writes what it generates to `out`. */
export function generate(protos: string, out: string, scratch: string): void {
  const image = join(scratch, "image.binpb");
  const services = join(scratch, "services.binpb");
  buf(["build", protos, "--as-file-descriptor-set=false", "-o", image]);
  writeFileSync(services, splitServices(readFileSync(image)));
  buf(["generate", protos, "--template", "buf.gen.yaml", "-o", out]);
  buf(["generate", services, "--template", "buf.gen.grpc.yaml", "-o", out]);
}

/** Runs the pinned buf; its complaint becomes the error. */
function buf(args: readonly string[]): string {
  try {
    return execFileSync("buf", args, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { stderr, stdout } = error as { stderr?: string; stdout?: string };
    throw new CodegenError(`buf ${args[0] ?? ""} failed:\n${stderr ?? ""}${stdout ?? ""}`, {
      cause: error,
    });
  }
}

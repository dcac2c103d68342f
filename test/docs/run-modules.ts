// Imports the modules that its parent names, one after the other, and sends back what each printed.
import { pathToFileURL } from "node:url";

/** What a module did. */
export interface ModuleOutcome {
  readonly stdout: string;
  readonly stderr: string;
  /** What it threw. */
  readonly error?: string;
}

process.on("message", (path: string) => {
  void importModule(path).then((outcome) => process.send?.(outcome));
});

async function importModule(path: string): Promise<ModuleOutcome> {
  const printed = { stdout: "", stderr: "" };
  const restore = [capture("stdout"), capture("stderr")];
  try {
    await import(pathToFileURL(path).href);
    return printed;
  } catch (error) {
    return { ...printed, error: error instanceof Error ? (error.stack ?? "") : String(error) };
  } finally {
    for (const each of restore) each();
  }

  function capture(name: "stdout" | "stderr"): () => void {
    const stream = process[name];
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array): boolean => {
      printed[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    };
    return () => {
      stream.write = write;
    };
  }
}

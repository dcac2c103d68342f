/** The codegen cannot go on; the message names the file and the package at fault. */
export class CodegenError extends Error {
  override readonly name = "CodegenError";
}

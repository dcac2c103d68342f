/** The oldest Node that this package runs on, as `engines` of package.json has it. */
export const oldestNode = "22.13";

/** What to tell who runs an older Node; undefined where this one will do. */
export function complaintOfNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split(".").map(Number);
  const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOld ? `vision-batch needs Node ${oldestNode} or later; this is ${version}` : undefined;
}

/**
 * How object names become paths of a bucket's folder, and back.
 *
 * Every segment of a name is a path component, verbatim, but for those that a file system cannot
 * hold: they get a form of their own, and a name that looks like such a form gets `25` after its
 * `%`, so that each name has one path and each path one name.
 *
 * | segment | component |
 * |---|---|
 * | empty (`//`, leading or trailing `/`) | `%2F` |
 * | `.`, `..` | `%2E`, `%2E%2E` |
 * | the first one, named as the folder of sidecars | `%2Evision-batch` |
 * | over 255 bytes | folders `%2B` + 240 bytes each, then the rest |
 * | an object beside a folder of its name | its component + `%3D` |
 */

/** The folder inside a bucket's folder that holds sidecars and unfinished writes. */
export const hiddenFolder = ".vision-batch";

/** Added to the component of an object whose name is also a folder. */
export const besideFolderSuffix = "%3D";

const continuationPrefix = "%2B";
const maxComponentBytes = 255;
const chunkBytes = 240;

const wholeForms = new Map([
  ["%2F", ""],
  ["%2E", "."],
  ["%2E%2E", ".."],
  [`%2E${hiddenFolder.slice(1)}`, hiddenFolder],
]);
const formsOfSegments = new Map([...wholeForms].map(([form, segment]) => [segment, form]));

const looksWhole = /^%(?:25)*(?:2F|2E|2E%2E|2Evision-batch)$/;
const looksContinued = /^%(?:25)*2B/;
const looksBeside = /%(?:25)*3D$/;
const escapedWhole = /^%25(?:25)*(?:2F|2E|2E%2E|2Evision-batch)$/;
const escapedContinued = /^%25(?:25)*2B/;
const escapedBeside = /%25((?:25)*3D)$/;

/** The path components of an object's name. */
export function pathComponents(name: string): string[] {
  return name.split("/").flatMap((segment, index) => segmentComponents(segment, index === 0));
}

/** The path components of the folder that holds every object whose name begins with `prefix`, and the part of the prefix that it stands for. */
export function folderOfPrefix(prefix: string): { components: string[]; prefix: string } {
  const end = prefix.lastIndexOf("/") + 1;
  return {
    components: end === 0 ? [] : pathComponents(prefix.slice(0, end - 1)),
    prefix: prefix.slice(0, end),
  };
}

/** What a folder adds to the names of the objects in it: its segment and a `/`, or a part of a long segment. */
export function folderText(component: string): string {
  if (component.startsWith(continuationPrefix)) return component.slice(continuationPrefix.length);
  return `${componentSegment(component)}/`;
}

/** What a file adds to the name of its folder, and whether it has the form of an object beside a folder. */
export function fileText(component: string): { text: string; besideFolder: boolean } {
  const besideFolder = component.endsWith(besideFolderSuffix) && component !== besideFolderSuffix;
  const own = besideFolder ? component.slice(0, -besideFolderSuffix.length) : component;
  return { text: componentSegment(own), besideFolder };
}

function segmentComponents(segment: string, isFirst: boolean): string[] {
  const component = segmentComponent(segment, isFirst);
  if (Buffer.byteLength(component) <= maxComponentBytes) return [component];
  const chunk = leadingBytes(segment, chunkBytes);
  return [
    `${continuationPrefix}${chunk}`,
    ...segmentComponents(segment.slice(chunk.length), false),
  ];
}

function segmentComponent(segment: string, isFirst: boolean): string {
  const form = formsOfSegments.get(segment);
  if (form !== undefined && (segment !== hiddenFolder || isFirst)) return form;
  if (!segment.includes("%")) return segment;
  const start =
    looksWhole.test(segment) || looksContinued.test(segment) ? `%25${segment.slice(1)}` : segment;
  return looksBeside.test(start) ? start.replace(/%((?:25)*3D)$/, "%25$1") : start;
}

function componentSegment(component: string): string {
  if (!component.includes("%")) return component;
  const whole = wholeForms.get(component);
  if (whole !== undefined) return whole;
  const end = component.replace(escapedBeside, "%$1");
  return escapedWhole.test(end) || escapedContinued.test(end) ? `%${end.slice(3)}` : end;
}

/** As many whole characters of a text as fit into a number of bytes. */
function leadingBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    length += character.length;
  }
  return text.slice(0, length);
}

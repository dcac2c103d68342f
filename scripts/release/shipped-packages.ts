/** The entry of a package in package-lock.json, as far as it is read. */
export interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The `packages` of package-lock.json: where each is installed, `""` the project itself. */
export type LockedPackages = Readonly<Record<string, LockEntry>>;

/** A package that an install brings. */
export interface ShippedPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string | undefined;
  /** Where it is installed, relative to the project. */
  readonly path: string;
}

/**
 * What the install of some packages brings with them, by name and version: their dependencies, those that
 * are optional too, and their peers, those that are optional left out.
 * @throws Error where the lock lacks one.
 */
export function shippedPackages(
  locked: LockedPackages,
  names: readonly string[],
): ReadonlyMap<string, ShippedPackage> {
  const found = new Map<string, ShippedPackage>();
  for (const path of shippedPlaces(locked, names)) {
    const { version = "", license } = locked[path] ?? {};
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const key = `${name}@${version}`;
    // The same version may be installed in several places, as npm has found room for it.
    if (!found.has(key)) found.set(key, { name, version, license, path });
  }
  return found;
}

/** Where they are installed, as {@link shippedPackages}. */
export function shippedPlaces(
  locked: LockedPackages,
  names: readonly string[],
): ReadonlySet<string> {
  const places = new Set(names.map((name) => placeOf(locked, { from: "", name })));
  for (const from of places) {
    for (const name of neededBy(locked[from] ?? {})) places.add(placeOf(locked, { from, name }));
  }
  return places;
}

function neededBy(entry: LockEntry): string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = entry;
  const peers = Object.keys(peerDependencies ?? {}).filter(
    (name) => peerDependenciesMeta?.[name]?.optional !== true,
  );
  return [...Object.keys(dependencies ?? {}), ...Object.keys(optionalDependencies ?? {}), ...peers];
}

/** Where Node finds a package that another one imports. */
function placeOf(
  locked: LockedPackages,
  { from, name }: { readonly from: string; readonly name: string },
): string {
  for (let folder = `/${from}`; ;) {
    const path = `${folder}/node_modules/${name}`.replace(/^\/+/, "");
    if (path in locked) return path;
    const end = folder.lastIndexOf("/node_modules/");
    if (end < 0) throw new Error(`package-lock.json has no ${name}, which ${from} needs`);
    folder = folder.slice(0, end);
  }
}

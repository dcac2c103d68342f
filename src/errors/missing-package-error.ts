import { VisionBatchError } from "./vision-batch-error.ts";

/** An optional package is needed for what was asked and is not installed. */
export class MissingPackageError extends VisionBatchError {
  override readonly name = "MissingPackageError";
  /** The package to install, e.g. `sharp`. */
  readonly packageName: string;

  constructor(packageName: string, purpose: string, options?: ErrorOptions) {
    super(
      `${purpose} needs the package ${packageName}: run \`npm install ${packageName}\``,
      options,
    );
    this.packageName = packageName;
  }
}

/**
 * Loads an optional package.
 * @throws {@link MissingPackageError} when it is not installed; anything else that fails is passed on.
 */
export async function loadOptional<T>(
  packageName: string,
  purpose: string,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
    if (missing && (error as Error).message.includes(packageName)) {
      throw new MissingPackageError(packageName, purpose, { cause: error });
    }
    throw error;
  }
}

// Loaded before everything else by a process whose clock is to be wrong.
const offMs = Number(process.env["CHAOS_CLOCK_OFF_MS"]);
const RightDate = Date;

class WrongDate extends RightDate {
  constructor(...args: readonly unknown[]) {
    super(...((args.length === 0 ? [RightDate.now() + offMs] : args) as [number]));
  }

  static override now(): number {
    return RightDate.now() + offMs;
  }
}

globalThis.Date = WrongDate as DateConstructor;

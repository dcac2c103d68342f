/** WebAssembly code: instructions with their immediate bytes. */
export type Code = readonly number[];

/** Types of values and results. Source: WebAssembly Core Specification 2.0, section 5.3. */
const type = { i32: 0x7f, i64: 0x7e, v128: 0x7b, function: 0x60, none: 0x40 } as const;

/** Instructions without immediate bytes. Source: the same, section 5.4. */
export const op = {
  return: [0x0f],
  i32IsZero: [0x45],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  i32GreaterSigned: [0x4a],
  i32LessOrEqualSigned: [0x4c],
  i32Or: [0x72],
  i32Wrap: [0xa7],
  i64Extend: [0xac],
  i64ExtendUnsigned: [0xad],
  i64IsZero: [0x50],
  i64PopulationCount: [0x7b],
  i64Sub: [0x7d],
  i64And: [0x83],
  i64Or: [0x84],
  i64Xor: [0x85],
  i64ShiftLeft: [0x86],
  i64ShiftRightSigned: [0x87],
  i64ShiftRightUnsigned: [0x88],
  v128Or: [0xfd, 0x50],
  i8x16Equal: [0xfd, 0x23],
  i8x16Bitmask: [0xfd, 0x64],
} as const;

/** Pushes a local. */
export const get = (local: number): Code => [0x20, local];
/** Pops into a local. */
export const set = (local: number): Code => [0x21, local];
/** Pushes a number. */
export const i32 = (value: number): Code => [0x41, ...signed(BigInt(value))];
/** Pushes a number. */
export const i64 = (value: bigint): Code => [0x42, ...signed(value)];
/** Pushes sixteen times the same byte. */
export const bytes16 = (code: number): Code => [0xfd, 0x0c, ...Array<number>(16).fill(code)];
/** Pops an address and pushes the 16 bytes at an offset from it. */
export const load16 = (offset: number): Code => [0xfd, 0x00, 0, ...unsigned(offset)];
/** Pops an address and pushes the i32 at an offset from it. */
export const load4 = (offset: number): Code => [0x28, 2, ...unsigned(offset)];
/** Pops an i32 and an address and stores it at an offset from that. */
export const store4 = (offset: number): Code => [0x36, 2, ...unsigned(offset)];
/** Runs code again and again until it returns. */
export const forever = (...code: readonly Code[]): Code => [
  ...[0x03, type.none, ...code.flat()],
  ...[0x0c, 0, 0x0b],
];
/** Pops a condition and runs code where it holds. */
export const when = (...code: readonly Code[]): Code => [0x04, type.none, ...code.flat(), 0x0b];

/** A function of two i32 parameters and an i32 result, and how many further locals of each type it has, in this order. */
export interface FunctionCode {
  readonly locals: Readonly<Record<"i32" | "i64" | "v128", number>>;
  readonly code: readonly Code[];
}

/** A module that exports one function as `run` and a memory of some pages of 64 KiB as `memory`. */
export function wasmModule(run: FunctionCode, pages: number): Uint8Array<ArrayBuffer> {
  const { locals, code } = run;
  const groups = (["i32", "i64", "v128"] as const).map((name) => [locals[name], type[name]]);
  // Behind the loop, which nothing leaves, the verifier wants to see no result.
  const body = [...vector(groups), ...code.flat(), 0x00, 0x0b];
  const name = (text: string): Code => vector([...Buffer.from(text)].map((each) => [each]));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [[type.function, ...vector([[type.i32], [type.i32]]), ...vector([[type.i32]])]]),
    ...section(3, [[0]]),
    ...section(5, [[0x00, ...unsigned(pages)]]),
    ...section(7, [
      [...name("run"), 0x00, 0],
      [...name("memory"), 0x02, 0],
    ]),
    ...section(10, [[...unsigned(body.length), ...body]]),
  ]);
}

function section(id: number, entries: readonly Code[]): Code {
  const content = vector(entries);
  return [id, ...unsigned(content.length), ...content];
}

function vector(entries: readonly Code[]): Code {
  return [...unsigned(entries.length), ...entries.flat()];
}

/** LEB128. */
function unsigned(value: number): Code {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128 of a signed number. */
function signed(value: bigint): Code {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = (rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}

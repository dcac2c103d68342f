import { byte } from "./json-bytes.ts";
import {
  bytes16,
  forever,
  get,
  i32,
  i64,
  load16,
  load4,
  op,
  set,
  store4,
  wasmModule,
  when,
  type Code,
} from "./wasm-module.ts";

/** How many bytes are looked at together. */
export const blockBytes = 64;

/** Where the state lies in memory, and where the bytes do. */
export const place = { depth: 0, limit: 4, inString: 8, escaped: 12, window: 64 } as const;

/** How much of the memory is for bytes. */
export const windowBytes = 4 * 65536 - place.window;

/** The locals: two parameters, and those of i32, i64 and v128. */
const local = {
  ...{ at: 0, end: 1, depth: 2, limit: 3, opened: 4, closed: 5 },
  ...{ quotes: 6, slashes: 7, escaped: 8, inString: 9, terminal: 10, nextEscaped: 11 },
  ...{ a: 12, b: 13, c: 14, d: 15 },
} as const;

const { at, end, depth, limit, opened, closed } = local;
const { quotes, slashes, escaped, inString, terminal, nextEscaped } = local;
const quarters = [local.a, local.b, local.c, local.d];

/**
 * The module: `run(at, end)` skips blocks of 64 bytes of JSON from `at` on, and returns where it stopped:
 * where less than a block is left before `end`, or before a block in which the depth may fall to 0 or
 * rise above the limit. Which bytes are in strings comes from the parity of the quotes before them.
 */
export function blockSkipperModule(): Uint8Array<ArrayBuffer> {
  const locals = { i32: 4, i64: 6, v128: 4 };
  const loop = forever(
    ...[get(at), i32(blockBytes), op.i32Add, get(end), op.i32GreaterSigned, when(stop())],
    ...quarters.flatMap((quarter, index) => [get(at), load16(index * 16), set(quarter)]),
    ...[bitsOf(byte.quote), set(quotes), bitsOf(byte.backslash), set(slashes)],
    ...[
      i64(0n),
      set(nextEscaped),
      get(slashes),
      get(escaped),
      op.i64Or,
      op.i64IsZero,
      op.i32IsZero,
    ],
    ...[
      when(dropEscaped()),
      spreadParity(quotes),
      get(quotes),
      get(inString),
      op.i64Xor,
      set(quotes),
    ],
    ...[countOutside(byte.openObject), set(opened), countOutside(byte.closeObject), set(closed)],
    ...[get(depth), get(closed), op.i32Sub, i32(0), op.i32LessOrEqualSigned],
    ...[
      get(depth),
      get(opened),
      op.i32Add,
      get(limit),
      op.i32GreaterSigned,
      op.i32Or,
      when(stop()),
    ],
    ...[get(depth), get(opened), op.i32Add, get(closed), op.i32Sub, set(depth)],
    ...[get(quotes), i64(63n), op.i64ShiftRightSigned, set(inString)],
    ...[get(nextEscaped), set(escaped), get(at), i32(blockBytes), op.i32Add, set(at)],
  );
  return wasmModule({ locals, code: [start(), loop] }, (place.window + windowBytes) / 65536);
}

function start(): Code {
  return [
    ...[i32(0), load4(place.depth), set(depth), i32(0), load4(place.limit), set(limit)],
    ...[i32(0), load4(place.inString), op.i64Extend, set(inString)],
    ...[i32(0), load4(place.escaped), op.i64Extend, set(escaped)],
  ].flat();
}

function stop(): Code {
  return [
    ...[i32(0), get(depth), store4(place.depth)],
    ...[i32(0), get(inString), op.i32Wrap, store4(place.inString)],
    ...[i32(0), get(escaped), op.i32Wrap, store4(place.escaped)],
    ...[get(at), op.return],
  ].flat();
}

/** Pushes 64 bits: which bytes of the block, after `change`, are `code`. */
function bitsOf(code: number, change: Code = []): Code {
  const [first = [], ...others] = quarters.map((quarter, index) => [
    ...[get(quarter), change, bytes16(code), op.i8x16Equal, op.i8x16Bitmask],
    ...[op.i64ExtendUnsigned, i64(BigInt(index * 16)), op.i64ShiftLeft],
  ]);
  return [first, ...others.map((other) => [...other, op.i64Or])].flat(2);
}

/** Pushes how many bytes of the block are a bracket, of either kind, outside of strings: the kinds differ in the bit 0x20. */
function countOutside(code: number): Code {
  return [
    ...[bitsOf(code, [...bytes16(0x20), ...op.v128Or]), get(quotes), not, op.i64And],
    ...[op.i64PopulationCount, op.i32Wrap],
  ].flat();
}

/** Sets each bit to the parity of it and those below. */
function spreadParity(bits: number): Code {
  return [1n, 2n, 4n, 8n, 16n, 32n].flatMap((shift) =>
    [get(bits), get(bits), i64(shift), op.i64ShiftLeft, op.i64Xor, set(bits)].flat(),
  );
}

const not: Code = [...i64(-1n), ...op.i64Xor];
const oddBits: Code = i64(-0x5555555555555556n);

/**
 * Takes away the quotes that a backslash escapes. Subtracting the backslashes from what follows each
 * borrows through a run of them, so that of every run each second one, and what follows the last where
 * that escapes it, comes out.
 */
function dropEscaped(): Code {
  return [
    ...[get(slashes), get(escaped), not, op.i64And, set(terminal)],
    ...[get(terminal), i64(1n), op.i64ShiftLeft, oddBits, op.i64Or, get(terminal), op.i64Sub],
    ...[oddBits, op.i64Xor, set(terminal)],
    ...[
      get(quotes),
      get(terminal),
      get(slashes),
      get(escaped),
      op.i64Or,
      op.i64Xor,
      not,
      op.i64And,
    ],
    ...[set(quotes), get(terminal), get(slashes), op.i64And, i64(63n), op.i64ShiftRightUnsigned],
    ...[set(nextEscaped)],
  ].flat();
}

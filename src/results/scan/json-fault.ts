import { byte, isDigit, isSpace } from "./json-bytes.ts";

/**
 * The place of the first byte at which UTF-8 text stops being JSON, its length where it is cut off; -1
 * where it is JSON. It is for texts that JSON.parse has refused: its messages tell no place in bytes.
 */
export function findJsonFault(bytes: Uint8Array): number {
  const finder = new FaultFinder(bytes);
  return finder.find();
}

class FaultFinder {
  readonly #bytes: Uint8Array;
  /** The closing byte of each list and object around. */
  readonly #closers: number[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  find(): number {
    if (!this.#value()) return this.#at;
    while (this.#closers.length > 0) {
      if (!this.#afterValue()) return this.#at;
    }
    this.#skipSpace();
    return this.#at < this.#bytes.length ? this.#at : -1;
  }

  /** Reads a value, of a list or object that is not empty up to its first value. */
  #value(): boolean {
    for (;;) {
      this.#skipSpace();
      const code = this.#code;
      if (code === byte.openList) {
        if (!this.#open(byte.closeList)) return true;
      } else if (code === byte.openObject) {
        if (!this.#open(byte.closeObject)) return true;
        if (!this.#key()) return false;
      } else {
        return code === byte.quote ? this.#string() : this.#scalar();
      }
    }
  }

  /** Whether something stands in the list or object that begins here. */
  #open(closer: number): boolean {
    this.#at++;
    this.#skipSpace();
    if (this.#take(closer)) return false;
    this.#closers.push(closer);
    return true;
  }

  #afterValue(): boolean {
    this.#skipSpace();
    const closer = this.#closers.at(-1) ?? 0;
    if (this.#take(closer)) {
      this.#closers.pop();
      return true;
    }
    if (!this.#take(byte.comma)) return false;
    return (closer === byte.closeList || this.#key()) && this.#value();
  }

  #key(): boolean {
    this.#skipSpace();
    if (this.#code !== byte.quote || !this.#string()) return false;
    this.#skipSpace();
    return this.#take(byte.colon);
  }

  #string(): boolean {
    this.#at++;
    for (;;) {
      if (this.#take(byte.quote)) return true;
      if (this.#take(byte.backslash)) {
        if (!this.#escape()) return false;
      } else {
        // Also -1, the end.
        if (this.#code < 0x20) return false;
        this.#at++;
      }
    }
  }

  #escape(): boolean {
    if (!this.#takeOf('"\\/bfnrtu')) return false;
    if (this.#bytes[this.#at - 1] !== 0x75) return true;
    for (let digit = 0; digit < 4; digit++) {
      if (!this.#takeOf("0123456789abcdefABCDEF")) return false;
    }
    return true;
  }

  #scalar(): boolean {
    for (const word of ["true", "false", "null"]) {
      if (this.#code === word.charCodeAt(0)) return this.#word(word);
    }
    return this.#number();
  }

  #word(word: string): boolean {
    for (let letter = 0; letter < word.length; letter++) {
      if (!this.#take(word.charCodeAt(letter))) return false;
    }
    return true;
  }

  #number(): boolean {
    this.#takeOf("-");
    if (!this.#takeOf("0") && !this.#digits()) return false;
    if (this.#takeOf(".") && !this.#digits()) return false;
    if (!this.#takeOf("eE")) return true;
    this.#takeOf("+-");
    return this.#digits();
  }

  #digits(): boolean {
    const start = this.#at;
    while (isDigit(this.#code)) this.#at++;
    return this.#at > start;
  }

  #takeOf(characters: string): boolean {
    const code = this.#code;
    const isOne = code >= 0 && characters.includes(String.fromCharCode(code));
    if (isOne) this.#at++;
    return isOne;
  }

  #take(code: number): boolean {
    if (this.#code !== code) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (isSpace(this.#code)) this.#at++;
  }

  /** The byte here, -1 at the end. */
  get #code(): number {
    return this.#bytes[this.#at] ?? -1;
  }
}

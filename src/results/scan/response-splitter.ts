import type { MaskNode, Selection } from "../mask/mask-node.ts";
import { ByteSink } from "./byte-sink.ts";
import { byte } from "./json-bytes.ts";
import type { JsonVisitor } from "./json-walker.ts";
import { ScanFault } from "./scan-fault.ts";
import type { Chunk } from "./chunk.ts";

/** Options of {@link ResponseSplitter}. */
export interface SplitOptions {
  /** What of each response is kept; absent: all. */
  readonly mask?: MaskNode | undefined;
  /** How large the kept part of a response may be. */
  readonly maxResponseBytes: number;
}

/** A response as it was found; good until the scan goes on. */
export interface ScannedResponse {
  /** Its JSON, or what the mask keeps of it. */
  readonly json: ByteSink;
  /** Whether a member that the mask leaves out is set, so that the response is annotated. */
  readonly hasMore: boolean;
}

/** What becomes of a value: kept as a whole or by a mask, left out, or split further. */
type Use = Selection | "root" | "responses" | "inputConfig" | LeftOut;

/** `none`: not looked at. Of a list or a message that a response has: whether it is set. */
type LeftOut = "none" | "list" | "message";

/** A list or object that was entered; `left` is a list that the mask leaves out. */
interface Frame {
  readonly kind: "root" | "response" | "responses" | "object" | "list" | "left";
  /** What is kept of the members of an object, or of each element of a list. */
  readonly selection: Selection;
  /** Whether a member was written. */
  hasMembers: boolean;
}

const letterN = 0x6e;

/** Takes the responses out of a shard that is walked through, or what a mask keeps of them. */
export class ResponseSplitter implements JsonVisitor {
  /** Whether the shard is known to be more than a bare response. */
  isEnvelope = false;
  readonly #selection: Selection;
  readonly #response: ByteSink;
  readonly #root: ByteSink;
  readonly #frames: Frame[] = [];
  #sink: ByteSink;
  /** What becomes of the next value, unless it is in a list. */
  #use: Use = "root";
  #hasMore = false;
  #isComplete = false;
  #sawResponses = false;

  constructor({ mask, maxResponseBytes }: SplitOptions) {
    this.#selection = mask ?? "all";
    const problem = `it is larger than maxResponseBytes ${maxResponseBytes}`;
    this.#response = new ByteSink(maxResponseBytes, problem);
    this.#root = new ByteSink(maxResponseBytes, problem);
    this.#sink = this.#root;
  }

  /** The response that has just ended, once. */
  takeResponse(): ScannedResponse | undefined {
    if (!this.#isComplete) return undefined;
    this.#isComplete = false;
    return { json: this.#response, hasMore: this.#hasMore };
  }

  /** What stands beside the responses, or a bare response. */
  rest(): ScannedResponse {
    return { json: this.#root, hasMore: this.#hasMore };
  }

  key(key: ByteSink, offset: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    const name = nameOf(key, offset);
    this.#use = frame.kind === "root" ? this.#useInRoot(name, frame, offset) : useOf(name, frame);
    if (this.#use === "none" && frame.kind === "response") this.#noteUnknown(name, frame);
    if (isLeftOut(this.#use) || this.#use === "responses") return;
    this.#separate(frame, offset);
    this.#sink.addAll(key, offset);
    this.#sink.addByte(byte.colon, offset + key.length);
  }

  value(first: number, offset: number): "enter" | "keep" | "skip" {
    const use = this.#nextUse(offset);
    switch (use) {
      case "root":
        return this.#enterRoot(first, offset);
      case "responses":
        return this.#enterResponses(first, offset);
      case "inputConfig":
        this.isEnvelope ||= first === byte.openObject;
        return "keep";
      case "all":
        return "keep";
      case "none":
        return "skip";
      case "list":
        if (first === byte.openList) return this.#enter("left", "all");
        this.#hasMore ||= first !== letterN;
        return "skip";
      case "message":
        this.#hasMore ||= first !== letterN;
        return "skip";
      default:
        return this.#enterMasked(first, use, offset);
    }
  }

  keep(chunk: Chunk, start: number, end: number): void {
    this.#sink.add(chunk, start, end);
  }

  leave(code: number, offset: number): void {
    const kind = this.#frames.pop()?.kind;
    if (kind === "responses") this.#sink = this.#root;
    else if (kind !== "left") this.#sink.addByte(code, offset);
  }

  ended(): void {
    this.#isComplete = this.#frames.at(-1)?.kind === "responses";
  }

  tooDeep(offset: number): void {
    this.#sink.fault ??= new ScanFault("its lists and objects nest deeper than maxDepth", offset);
  }

  refused(offset: number): "skip" {
    this.#nextUse(offset);
    this.tooDeep(offset);
    return "skip";
  }

  #nextUse(offset: number): Use {
    const frame = this.#frames.at(-1);
    switch (frame?.kind) {
      case "responses":
        this.#response.clear();
        this.#sink = this.#response;
        this.#hasMore = false;
        return this.#selection;
      case "left":
        this.#hasMore = true;
        return "none";
      case "list":
        this.#separate(frame, offset);
        return frame.selection;
      default:
        return this.#use;
    }
  }

  #useInRoot(name: string, frame: Frame, offset: number): Use {
    if (name === "responses") {
      if (this.#sawResponses) throw new ScanFault("it has two members responses", offset);
      this.#sawResponses = true;
      this.isEnvelope = true;
      return "responses";
    }
    if (name === "inputConfig" || name === "input_config") return "inputConfig";
    if (this.isEnvelope) return name === "error" ? "all" : "none";
    const use = useOf(name, frame);
    if (use === "none") this.#noteUnknown(name, frame);
    return use;
  }

  /** What is not known is set whatever it is. */
  #noteUnknown(name: string, { selection }: Frame): void {
    this.#hasMore ||= selection !== "all" && !selection.known.has(name);
  }

  #enterRoot(first: number, offset: number): "enter" {
    if (first === byte.openObject) {
      this.#sink.addByte(first, offset);
      return this.#enter("root", this.#selection);
    }
    if (first !== byte.openList) throw new ScanFault("expected an object or a list", offset);
    this.isEnvelope = true;
    return this.#enter("responses", this.#selection);
  }

  #enterResponses(first: number, offset: number): "enter" | "skip" {
    if (first === byte.openList) return this.#enter("responses", this.#selection);
    if (first !== letterN) throw new ScanFault("its responses are no list", offset);
    return "skip";
  }

  #enterMasked(first: number, node: MaskNode, offset: number): "enter" | "keep" {
    const isInResponses = this.#frames.at(-1)?.kind === "responses";
    const isObject = first === byte.openObject;
    if (!isObject && (isInResponses || first !== byte.openList)) return "keep";
    this.#sink.addByte(first, offset);
    if (!isObject) return this.#enter("list", node);
    return this.#enter(isInResponses ? "response" : "object", node);
  }

  #enter(kind: Frame["kind"], selection: Selection): "enter" {
    this.#frames.push({ kind, selection, hasMembers: false });
    return "enter";
  }

  #separate(frame: Frame, offset: number): void {
    if (frame.hasMembers) this.#sink.addByte(byte.comma, offset);
    frame.hasMembers = true;
  }
}

function useOf(name: string, { kind, selection }: Frame): Use {
  if (selection === "all") return "all";
  const use = selection.members.get(name);
  if (use !== undefined) return use;
  if (kind === "object" || !selection.known.has(name)) return "none";
  return selection.lists.has(name) ? "list" : "message";
}

function isLeftOut(use: Use): boolean {
  return use === "none" || use === "list" || use === "message";
}

function nameOf(key: ByteSink, offset: number): string {
  if (!key.includes(byte.backslash)) return key.text(1, key.length - 1);
  try {
    return JSON.parse(key.text(0, key.length)) as string;
  } catch (error) {
    throw new ScanFault((error as Error).message, offset);
  }
}

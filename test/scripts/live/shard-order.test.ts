import { expect } from "chai";
import type { RawShard } from "../../../scripts/live/raw-shards.ts";
import { orderOf } from "../../../scripts/live/shard-order.ts";
import type { ImageItem } from "../../../scripts/live/submit.ts";

const images: readonly ImageItem[] = [
  { uri: "gs://b/one", feature: "IMAGE_PROPERTIES" },
  { uri: "gs://b/twin", feature: "IMAGE_PROPERTIES" },
  { uri: "gs://b/three", feature: "IMAGE_PROPERTIES" },
  { uri: "gs://b/twin", feature: "CROP_HINTS" },
];
const properties = ["imagePropertiesAnnotation", "cropHintsAnnotation"];
const one = { uri: "gs://b/one", fields: properties };
const two = { uri: "gs://b/twin", fields: properties };
const three = { uri: "gs://b/three", fields: properties };
const four = { uri: "gs://b/twin", fields: ["cropHintsAnnotation"] };

function shard(first: number, last: number, responses: RawShard["responses"]): RawShard {
  return { name: `output-${first}-to-${last}.json`, first, last, responses };
}

describe("orderOf", () => {
  it("finds the request of every response, of twins by what they asked for", () => {
    const order = orderOf(images, [shard(1, 2, [one, two]), shard(3, 4, [three, four])]);
    expect(order.shards.map(({ requests }) => requests)).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    expect(order).to.include({ numbersFit: true, orderedInside: true, orderedAcross: true });
    expect(order.unanswered).to.deep.equal([]);
  });

  it("tells order inside shards from order across them", () => {
    const across = orderOf(images, [shard(1, 2, [three, four]), shard(3, 4, [one, two])]);
    expect(across).to.include({ orderedInside: true, orderedAcross: false, numbersFit: true });
    const inside = orderOf(images, [shard(1, 4, [one, four, three, two])]);
    expect(inside).to.include({ orderedInside: false, orderedAcross: false });
    expect(inside.shards[0]?.requests).to.deep.equal([1, 4, 3, 2]);
  });

  it("notices one response for two requests of one URI", () => {
    const order = orderOf(images, [shard(1, 3, [one, two, three])]);
    expect(order.unanswered).to.deep.equal([4]);
    expect(order.numbersFit).to.equal(false);
  });

  it("places a response that answers nothing nowhere", () => {
    const stranger = { uri: "gs://b/other", fields: properties };
    const order = orderOf(images, [shard(1, 4, [one, two, three, stranger])]);
    expect(order.shards[0]?.requests).to.deep.equal([1, 2, 3, null]);
    expect(order.orderedInside).to.equal(false);
  });

  it("does not take numbers for fitting that overlap or leave a gap", () => {
    expect(
      orderOf(images, [shard(1, 2, [one, two]), shard(4, 5, [three, four])]).numbersFit,
    ).to.equal(false);
    expect(
      orderOf(images, [shard(1, 2, [one, two]), shard(2, 3, [three, four])]).numbersFit,
    ).to.equal(false);
    expect(orderOf(images, [shard(0, 3, [one, two, three, four])]).numbersFit).to.equal(false);
  });
});

import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_wrappers,
  type FieldDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { expect } from "chai";
import { describeMessage } from "../../../scripts/codegen/json-table-entries.ts";

type FieldInit = MessageInitShape<typeof FieldDescriptorProtoSchema>;

function messageWith(field: FieldInit, name = "M", syntax = "proto3"): DescMessage {
  const defaults = {
    name: "a",
    jsonName: "a",
    number: 1,
    label: Label.OPTIONAL,
    type: Type.STRING,
  };
  const file = create(FileDescriptorProtoSchema, {
    name: "t.proto",
    package: "t",
    syntax,
    dependency: ["google/protobuf/wrappers.proto"],
    messageType: [{ name, field: [{ ...defaults, ...field }] }],
  });
  const set = create(FileDescriptorSetSchema, {
    file: [file_google_protobuf_wrappers.proto, file],
  });
  const message = createFileRegistry(set).getMessage(`t.${name}`);
  if (message === undefined) throw new Error("the registry lacks its message");
  return message;
}

describe("describeMessage", () => {
  it("tells a field in few words", () => {
    expect(
      describeMessage(messageWith({ name: "max_results2", jsonName: "maxResults2" })),
    ).to.deep.equal(["M", ["1 max_results2 string"]]);
    const list = { label: Label.REPEATED, type: Type.UINT32, jsonName: "other" };
    expect(describeMessage(messageWith(list))).to.deep.equal([
      "M",
      ["1 a repeated uint32 json=other"],
    ]);
    const wrapper = { type: Type.MESSAGE, typeName: ".google.protobuf.Int32Value" };
    expect(describeMessage(messageWith(wrapper))).to.deep.equal([
      "M",
      ["1 a .google.protobuf.Int32Value"],
    ]);
  });

  it("refuses what it cannot know of ts-proto's names and forms", () => {
    for (const name of ["fooBar", "foo__bar", "_foo", "foo_", "Foo", "foo_Bar"]) {
      expect(() => describeMessage(messageWith({ name })), name).to.throw(`t.M.${name}`);
    }
    expect(() => describeMessage(messageWith({}, "foo_bar"))).to.throw("t.foo_bar");
    expect(() => describeMessage(messageWith({}, "M", "proto2"))).to.throw("not proto3");
    const wrappers = {
      label: Label.REPEATED,
      type: Type.MESSAGE,
      typeName: ".google.protobuf.Int32Value",
    };
    expect(() => describeMessage(messageWith(wrappers))).to.throw("t.M.a");
  });
});

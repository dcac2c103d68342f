import { clone, create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** The number of buf's extension of FileDescriptorProto (`buf.alpha.image.v1.ImageFile.buf_extension`). */
const bufExtension = 8042;
/** That extension with `is_import = true` (field 1), length first. */
const isImport = Uint8Array.of(2, 8, 1);

/**
 * Moves every service of a buf image into a file of its own that imports the messages, and marks all
 * other files as imports: what is generated from the result are stubs alone, over the messages that
 * were generated before.
 */
export function splitServices(image: Uint8Array): Uint8Array {
  const { file: files } = fromBinary(FileDescriptorSetSchema, image);
  const result = create(FileDescriptorSetSchema);
  for (const file of files) {
    const { service, ...rest } = clone(FileDescriptorProtoSchema, file);
    const messages = create(FileDescriptorProtoSchema, { ...rest, service: [] });
    messages.$unknown = [{ no: bufExtension, wireType: 2, data: isImport }];
    result.file.push(messages);
    const own = !file.package.startsWith("google.protobuf") && service.length > 0;
    if (own) result.file.push(serviceFile(file));
  }
  return toBinary(FileDescriptorSetSchema, result);
}

function serviceFile(file: FileDescriptorProto): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, {
    name: file.name.replace(/\.proto$/, ".grpc.proto"),
    package: file.package,
    syntax: file.syntax,
    dependency: [...new Set([...file.dependency, file.name])],
    service: file.service,
  });
}

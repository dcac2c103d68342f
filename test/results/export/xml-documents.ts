import { readFileSync } from "node:fs";
import {
  XmlBufferInputProvider,
  xmlCleanupInputProvider,
  XmlDocument,
  XmlElement,
  xmlRegisterInputProvider,
  XsdValidator,
} from "libxml2-wasm";

/** An element of a parsed document. */
export interface ElementData {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

const namespaces = {
  h: "http://www.w3.org/1999/xhtml",
  a: "http://www.loc.gov/standards/alto/ns-v4#",
};

/** The elements that an XPath finds; `h:` is XHTML, `a:` ALTO. Throws where the text is no XML. */
export function findElements(xml: string, path: string): ElementData[] {
  return withDocument(xml, (document) =>
    document.find(path, namespaces).flatMap((node) => {
      if (!(node instanceof XmlElement)) return [];
      const attributes = node.attrs.map(({ name, prefix, content }) => [
        prefix === "" ? name : `${prefix}:${name}`,
        content,
      ]);
      return [
        {
          name: node.name,
          attributes: Object.fromEntries(attributes) as Record<string, string>,
          text: node.content,
        },
      ];
    }),
  );
}

/** Holds a document to a schema of this folder. Throws what is wrong. */
export function validate(xml: string, schema: "alto-subset.xsd" | "hocr-subset.xsd"): void {
  validateBy(xml, readFileSync(new URL(`schemas/${schema}`, import.meta.url), "utf8"));
}

/** The ALTO schema that the Library of Congress publishes, where it is at hand: the path of its file. */
const publishedAlto = process.env["ALTO_SCHEMA"];

/** As much of the XLink schema, which that one imports, as it names. */
const xlink = `<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:x="http://www.w3.org/1999/xlink"
  targetNamespace="http://www.w3.org/1999/xlink"><attribute name="href" type="anyURI"/>
  <attributeGroup name="simpleLink"><attribute ref="x:href"/></attributeGroup></schema>`;

/** Holds an ALTO document to the schema of this folder, and to the published one. Throws what is wrong. */
export function validateAlto(xml: string): void {
  validate(xml, "alto-subset.xsd");
  if (publishedAlto === undefined) return;
  const imports = { "http://www.loc.gov/standards/xlink/xlink.xsd": Buffer.from(xlink) };
  xmlRegisterInputProvider(new XmlBufferInputProvider(imports));
  try {
    validateBy(xml, readFileSync(publishedAlto, "utf8"));
  } finally {
    xmlCleanupInputProvider();
  }
}

/** Holds a document to the text of a schema. Throws what is wrong. */
function validateBy(xml: string, schema: string): void {
  withDocument(schema, (schemaDocument) => {
    const validator = XsdValidator.fromDoc(schemaDocument);
    try {
      withDocument(xml, (document) => {
        validator.validate(document);
      });
    } finally {
      validator.dispose();
    }
  });
}

function withDocument<T>(xml: string, use: (document: XmlDocument) => T): T {
  const document = XmlDocument.fromString(xml);
  try {
    return use(document);
  } finally {
    document.dispose();
  }
}

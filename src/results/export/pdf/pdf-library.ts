import type {
  PDFContext,
  PDFDict,
  PDFDocument,
  PDFObject,
  PDFObjectCopier,
  PDFRef,
} from "@cantoo/pdf-lib";
import { loadOptional } from "../../../errors/index.ts";

/** The PDF library, as it is loaded at first use. */
export type PdfLibrary = typeof import("@cantoo/pdf-lib");
/** A document's objects, as the library holds them. */
export type PdfContext = PDFContext;
/** A dictionary of a document. */
export type PdfDictionary = PDFDict;
/** A document that was read. */
export type PdfDocument = PDFDocument;
/** An object of a document. */
export type PdfObject = PDFObject;
/** Copies objects from one document into another. */
export type PdfCopier = PDFObjectCopier;
/** A reference to an object. */
export type PdfRef = PDFRef;

/** Loads the PDF library. */
export function loadPdfLibrary(): Promise<PdfLibrary> {
  return loadOptional("@cantoo/pdf-lib", "PDF export", () => import("@cantoo/pdf-lib"));
}

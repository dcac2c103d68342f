import { Storage } from "@google-cloud/storage";
import { ImageAnnotatorClient } from "@google-cloud/vision";
import type { Request, Response } from "express";
import * as before from "../../examples/migration/before.ts";

const client = new ImageAnnotatorClient({ fallback: true });
const storage = new Storage();
const output = process.env["OUTPUT"] ?? "";

/** Starts a job. */
export async function submit(request: Request, response: Response): Promise<void> {
  const { id, images } = request.body as { id: string; images: string[] };
  const operation = await before.submit(client, images, `${output}${id}/`);
  response.status(202).json({ id, operation });
}

/** Reads the results of a job. */
export async function finish(request: Request, response: Response): Promise<void> {
  const { operation } = request.body as { operation: string };
  const texts = await before.readTexts(storage, await before.waitFor(client, operation));
  response.json(Object.fromEntries(texts));
}

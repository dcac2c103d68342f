// @ts-check
/**
 * A service in CommonJS that reads the text of the image it is sent: the package is ESM, and `require`
 * loads it as it is.
 *
 *   npm run build   # once, for a clone of the repository
 *   node examples/express-service.cjs
 *   curl --data-binary @examples/inputs/receipt.png -H 'content-type: image/png' http://127.0.0.1:3000/text
 *
 * HOST and PORT say where it listens. Credentials are those of the environment (`gcloud auth
 * application-default login`); without Google, start `npx vision-batch emulator` and set
 * VISION_EMULATOR_HOST to what it prints.
 */
const express = require("express");
const { InvalidRequestError, RpcError, SubmitError, VisionBatchClient } = require("vision-batch");

const { HOST: host = "127.0.0.1", PORT: port = "3000" } = process.env;
const client = new VisionBatchClient();
const app = express();

app.post("/text", express.raw({ type: "image/*", limit: "10mb" }), async (request, response) => {
  if (!Buffer.isBuffer(request.body)) {
    response.status(415).json({ message: "send an image" });
    return;
  }
  // Who does not wait for the answer does not need it.
  const left = new AbortController();
  response.once("close", () => left.abort());
  const found = await client.detectDocumentText(request.body, { signal: left.signal });
  response.json({ text: found?.text ?? "" });
});

/** @type {express.ErrorRequestHandler} */
const answerError = (error, _request, response, next) => {
  if (response.destroyed) return;
  const status = statusOf(error);
  if (status === undefined) next(error);
  else response.status(status).json({ message: error.message });
};
app.use(answerError);

/** @param {unknown} error */
function statusOf(error) {
  if (error instanceof InvalidRequestError) return 400;
  // Only what was rejected may be sent again: what is of unknown fate may be billed already.
  if (error instanceof SubmitError) return error.outcome === "rejected" ? 503 : 502;
  return error instanceof RpcError ? 422 : undefined;
}

const server = app.listen(Number(port), host, (error) => {
  if (error) throw error;
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening at http://${host}:${address.port}`);
});
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => server.close(() => void client.close()));
}

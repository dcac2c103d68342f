/**
 * The official client at a plaintext address, spared every look-up of credentials.
 * @param {string} address
 */
export async function theirClient(address) {
  const vision = await import("@google-cloud/vision");
  const { PassThroughClient } = await import("google-auth-library");
  const { credentials } = await import("@grpc/grpc-js");
  const [host, port] = address.split(":");
  const client = new vision.ImageAnnotatorClient({
    apiEndpoint: host,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    authClient: new PassThroughClient(),
  });
  await client.initialize();
  return client;
}

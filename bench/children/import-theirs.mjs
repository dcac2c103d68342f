const start = performance.now();
await import("@google-cloud/vision");
console.log(JSON.stringify({ ms: performance.now() - start }));

const start = performance.now();
await import("vision-batch");
console.log(JSON.stringify({ ms: performance.now() - start }));

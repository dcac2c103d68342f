const intervalMs = 500;

/**
 * Ends this process soon, though connections may still be open that nobody uses: the driver of PostgreSQL
 * forgets one that it could not log in with, and the server keeps it for a minute. What is still to be
 * printed is waited for.
 */
export function endProcess(): void {
  const { stdout, stderr } = process;
  setInterval(() => {
    if (stdout.writableLength + stderr.writableLength === 0) process.exit();
  }, intervalMs).unref();
}

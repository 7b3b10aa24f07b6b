/** A page that could not be shown: look every few seconds whether it can be now, and only then load it. */

const EVERY_MS = 4_000;

async function look() {
  const answer = await fetch(location.href, { method: "HEAD", credentials: "same-origin" }).catch(() => null);
  if (answer?.ok) location.reload();
  else setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);

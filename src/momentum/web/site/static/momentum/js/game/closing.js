/**
 * After which close codes a client does not come back by itself: `come_back` in momentum.protocol.close_codes,
 * where a test compares the two. Every other code, and a connection that just breaks, means: come back.
 */
export const FINAL = new Set([1000, 1002, 1007, 1009, 4400, 4401, 4403, 4404, 4409, 4441, 4442, 4444]);

/** The token is refused. With a resume token this only means: get a ticket from the site. */
export const NOT_ADMITTED = 4401;

/** Another node has the game: no failure, only a step on the way. */
export const MOVED = 4443;

/** Not let in, or sent out. */
export const REMOVED = 4403;

/** Sent by our script with the id of the form around a slot: it wants the slot alone, and follows a redirect. */
export const SLOT_HEADER = 'X-Twofa-Slot';
